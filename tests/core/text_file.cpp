#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <filesystem>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {
kvt::error_kind kind_of(auto&& f) { return error_of(f).value().kind(); }
}  // namespace

TEST_CASE("what is written is read, whatever the bytes") {
    scratch_folder const folder;
    std::string all;
    for (int repeat = 0; repeat < 1000; ++repeat)
        for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    for (std::string const& bytes : {std::string{}, std::string{"x"}, std::string{"a\r\nb\0c", 6}, all}) {
        kvt::write_file(folder / "deep/er/file", bytes);
        CHECK(kvt::read_file(folder / "deep/er/file") == bytes);
    }
    CHECK(kvt::file_exists(folder / "deep/er/file"));
    CHECK_FALSE(kvt::file_exists(folder / "none"));
    kvt::write_file(folder / "empty", {});
    CHECK(kvt::read_file(folder / "empty").empty());
}

TEST_CASE("nothing but the file is left behind") {
    scratch_folder const folder;
    kvt::write_file(folder / "file", "one");
    kvt::write_file(folder / "file", "two");
    std::vector<std::string> names;
    for (auto const& entry : std::filesystem::directory_iterator{folder.path})
        names.push_back(entry.path().filename().string());
    CHECK(names == std::vector<std::string>{"file"});
}

TEST_CASE("what cannot be read or written says why") {
    scratch_folder const folder;
    CHECK(kind_of([&] { (void)kvt::read_file(folder / "none"); }) == kvt::error_kind::missing);
    CHECK(kind_of([&] { (void)kvt::read_file(folder.path); }) == kvt::error_kind::usage);
    kvt::write_file(folder / "file", "x");
    CHECK(kind_of([&] { kvt::write_file(folder / "file/below", "y"); }) == kvt::error_kind::io);
    CHECK(kind_of([&] { kvt::write_file(folder.path, "y"); }) == kvt::error_kind::io);
    CHECK(kvt::read_file(folder / "file") == "x");
    CHECK_FALSE(kvt::file_exists(folder.path + ".part" + std::to_string(::getpid())));
}

TEST_CASE("a folder that cannot be made is the reason, not the file that is then missing") {
    scratch_folder const folder;
    std::filesystem::permissions(folder.path, std::filesystem::perms{0555});
    bool const root = ::geteuid() == 0;
    if (root) REQUIRE(::seteuid(65534) == 0);  // root may write everywhere
    std::string said;
    try {
        kvt::write_file(folder.path + "/deep/file", "x");
    } catch (kvt::error const& e) {
        said = e.what();
    }
    if (root) REQUIRE(::seteuid(0) == 0);
    std::filesystem::permissions(folder.path, std::filesystem::perms{0755});
    CHECK(said == folder.path + "/deep/file: cannot be written (Permission denied)");
}

TEST_CASE("a reader sees one whole version or another") {
    scratch_folder const folder;
    auto const path = folder / "file";
    kvt::write_file(path, std::string(50000, '0'));
    std::thread writer{[&] {
        for (int i = 1; i < 40; ++i) kvt::write_file(path, std::string(50000, static_cast<char>('0' + i % 10)));
    }};
    int torn = 0;
    for (int i = 0; i < 200; ++i) {
        auto const seen = kvt::read_file(path);
        torn += seen.size() != 50000 || seen.find_first_not_of(seen.front()) != seen.npos ? 1 : 0;
    }
    writer.join();
    CHECK(torn == 0);
}

TEST_CASE("a device is written to, not replaced") {
    if (!kvt::file_exists("/dev/full")) return;
    CHECK_THROWS_AS(kvt::write_file("/dev/full", "text"), kvt::error);
    CHECK(std::filesystem::is_character_file("/dev/full"));
    kvt::write_file("/dev/null", "text");
    CHECK(std::filesystem::is_character_file("/dev/null"));
}
