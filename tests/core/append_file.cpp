#include <doctest/doctest.h>
#include <kvt/core/append_file.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <support/scratch_folder.hpp>

#include <filesystem>

TEST_CASE("rows are there as soon as they are written, and later runs append") {
    scratch_folder folder;
    std::string const path = (folder / "deep/er") + "/log.csv";
    {
        kvt::append_file log{path, "a,b\n"};
        CHECK(kvt::read_file(path) == "a,b\n");
        log.write("1,2\n");
        CHECK(kvt::read_file(path) == "a,b\n1,2\n");
        auto moved = std::move(log);
        CHECK(moved.open());
        CHECK_FALSE(log.open());  // NOLINT(bugprone-use-after-move)
        moved.write("3,4\n5,6\n");
    }
    kvt::append_file again{path, "a,b\n"};
    again.write("7,8\n");
    CHECK(kvt::read_file(path) == "a,b\n1,2\n3,4\n5,6\n7,8\n");
    CHECK_FALSE(kvt::append_file{}.open());
}

TEST_CASE("a row that was cut short is removed, and so is half a header") {
    scratch_folder folder;
    std::string const path = folder / "log.csv";
    kvt::write_file(path, "a,b\n1,2\n3,");
    kvt::append_file{path, "a,b\n"}.write("4,5\n");
    CHECK(kvt::read_file(path) == "a,b\n1,2\n4,5\n");
    kvt::write_file(path, "a,");
    kvt::append_file{path, "a,b\n"}.write("4,5\n");
    CHECK(kvt::read_file(path) == "a,b\n4,5\n");
    std::string const longer(10'000, 'x');
    kvt::write_file(path, "a,b\n1,2\n" + longer);
    kvt::append_file{path, "a,b\n"}.write("4,5\n");
    CHECK(kvt::read_file(path) == "a,b\n1,2\n4,5\n");
}

TEST_CASE("a file of something else is left alone, and what cannot be written is said") {
    scratch_folder folder;
    std::string const path = folder / "notes.txt";
    kvt::write_file(path, "my notes\n");
    try {
        kvt::append_file log{path, "a,b\n"};
        FAIL("opened");
    } catch (kvt::error const& e) {
        CHECK(e.kind() == kvt::error_kind::mismatch);
        CHECK(std::string{e.what()}.ends_with(
            "notes.txt: holds something else; expected no such file, or one that begins with a,b"));
    }
    CHECK(kvt::read_file(path) == "my notes\n");
    try {
        kvt::append_file log{path + "/log.csv", "a,b\n"};
        FAIL("opened");
    } catch (kvt::error const& e) {
        CHECK(e.kind() == kvt::error_kind::io);
    }
    kvt::append_file full{"/dev/full", ""};
    CHECK_THROWS_AS(full.write("1,2\n"), kvt::error);
}

TEST_CASE("a file that is being written is refused, and left as it is") {
    scratch_folder folder;
    std::string const path = folder / "log.csv";
    {
        kvt::append_file first{path, "a,b\n"};
        first.write("1,2\n3,");  // a row under way
        try {
            kvt::append_file second{path, "a,b\n"};
            FAIL("opened");
        } catch (kvt::error const& e) {
            CHECK(e.kind() == kvt::error_kind::io);
            CHECK(std::string{e.what()}.ends_with(
                "log.csv: is being written by another program; expected a file of its own for each"));
        }
        first.write("4\n");
    }
    CHECK(kvt::read_file(path) == "a,b\n1,2\n3,4\n");
    kvt::append_file{path, "a,b\n"}.write("5,6\n");
    CHECK(kvt::read_file(path) == "a,b\n1,2\n3,4\n5,6\n");
}

TEST_CASE("what was made for a file that never begins goes again") {
    scratch_folder folder;
    { auto const never = kvt::append_file::prepare((folder / "deep/er") + "/log.csv", "a,b\n"); }
    CHECK_FALSE(std::filesystem::exists(folder / "deep"));
    std::filesystem::create_directory(folder / "mine");
    { auto const never = kvt::append_file::prepare((folder / "mine") + "/log.csv", "a,b\n"); }
    CHECK(std::filesystem::is_empty(folder / "mine"));
    kvt::write_file(folder / "old.csv", "a,b\n1,");
    { auto const never = kvt::append_file::prepare(folder / "old.csv", "a,b\n"); }
    CHECK(kvt::read_file(folder / "old.csv") == "a,b\n1,");
    auto later = kvt::append_file::prepare(folder / "old.csv", "a,b\n");
    later.begin();
    later.write("2,3\n");
    CHECK(kvt::read_file(folder / "old.csv") == "a,b\n2,3\n");
}
