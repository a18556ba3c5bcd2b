#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/core/whole_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

std::vector<std::string> names_in(std::string const& folder) {
    std::vector<std::string> out;
    for (auto const& entry : std::filesystem::directory_iterator{folder})
        out.push_back(entry.path().filename().string());
    std::ranges::sort(out);
    return out;
}

}  // namespace

TEST_CASE("the file is there when it is finished, and not before") {
    scratch_folder const folder;
    auto const path = folder / "deep/file";
    kvt::whole_file file{path};
    CHECK(file.open());
    file.write("one ");
    file.write("two");
    CHECK_FALSE(kvt::file_exists(path));
    auto moved = std::move(file);
    CHECK_FALSE(file.open());  // NOLINT(bugprone-use-after-move)
    moved.finish();
    CHECK(kvt::read_file(path) == "one two");
    CHECK_FALSE(moved.open());
    CHECK(names_in(folder / "deep") == std::vector<std::string>{"file"});
}

TEST_CASE("without an end nothing is left, and what was there stays") {
    scratch_folder const folder;
    auto const path = folder.file("file", "before");
    {
        kvt::whole_file file{path};
        file.write("half");
        CHECK(names_in(folder.path) == std::vector<std::string>{"file", "file.part"});
    }
    CHECK(kvt::read_file(path) == "before");
    CHECK(names_in(folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("what a killed writer left is replaced by the next") {
    scratch_folder const folder;
    auto const path = folder / "file";
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        kvt::whole_file file{path};
        file.write("much more than the next one writes");
        ::raise(SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(names_in(folder.path) == std::vector<std::string>{"file.part"});
    kvt::write_file(path, "short");
    CHECK(kvt::read_file(path) == "short");
    CHECK(names_in(folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("a file has one writer at a time; who has patience gets his turn") {
    scratch_folder const folder;
    auto const path = folder / "file";
    kvt::whole_file first{path};
    first.write("first");
    CHECK(refusal([&] { kvt::whole_file{path}; }) ==
          path + ": is being written by another program; expected a file of its own for each");
    std::thread patient{[&] {
        kvt::whole_file second{path, 20};
        second.write("second");
        second.finish();
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    CHECK_FALSE(kvt::file_exists(path));
    first.finish();
    patient.join();
    CHECK(kvt::read_file(path) == "second");
    CHECK(names_in(folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("many writers of one file: every version is whole, and nothing is left over") {
    scratch_folder const folder;
    auto const path = folder / "file";
    std::vector<std::thread> writers;
    for (int w = 0; w < 4; ++w)
        writers.emplace_back([&, w] {
            for (int i = 0; i < 25; ++i)
                kvt::write_file(path, std::string(static_cast<std::size_t>(20000 + w), static_cast<char>('a' + w)));
        });
    for (auto& w : writers) w.join();
    auto const seen = kvt::read_file(path);
    CHECK(seen == std::string(static_cast<std::size_t>(20000 + seen[0] - 'a'), seen[0]));
    CHECK(names_in(folder.path) == std::vector<std::string>{"file"});
}

TEST_CASE("what cannot be written says why, and names the file") {
    scratch_folder const folder;
    auto const file = folder.file("file", "x");
    auto const e = error_of([&] { kvt::whole_file{file + "/below"}; });
    REQUIRE(e);
    CHECK(e->exit_code() == 1);
    CHECK(holds(e->what(), file + "/below: cannot be written ("));
    std::filesystem::create_symlink(file, folder / "other.part");  // nothing is written through another's link
    CHECK(error_of([&] { kvt::whole_file{folder / "other"}; }));
    CHECK(kvt::read_file(file) == "x");
}
