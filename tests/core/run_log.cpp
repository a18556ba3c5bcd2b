#include <kvt/core/error.hpp>
#include <kvt/core/run_log.hpp>
#include <kvt/core/text_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <optional>

using kvt::log_level;

TEST_CASE("a log is of one run: it replaces an earlier one, and another run is refused while it is open") {
    scratch_folder const folder;
    auto const path = folder / "a/run.log";
    {
        kvt::run_log const first{path};
        first.write(log_level::info, "first", "T");
        CHECK(refusal([&] { kvt::run_log{path}; }) ==
              path + ": another run is writing its log there; expected a log of its own for each");
        CHECK(kvt::read_file(path) == "T INFO first\n");
    }
    kvt::run_log const second{path};
    CHECK(kvt::read_file(path).empty());
    second.write(log_level::warning, "second", "T");
    CHECK(kvt::read_file(path) == "T WARNING second\n");
}

TEST_CASE("copies write to the same file and keep it until the last is gone") {
    scratch_folder const folder;
    auto const path = folder / "run.log";
    std::optional<kvt::run_log> log{std::in_place, path, log_level::debug};
    kvt::run_log copy = *log;
    log->write(log_level::debug, "one", "T");
    log.reset();
    copy.write(log_level::error, "two", "T");
    CHECK(kvt::read_file(path) == "T DEBUG one\nT ERROR two\n");
    CHECK(copy.path() == path);
    CHECK(error_of([&] { kvt::run_log{path}; }));
    copy = kvt::run_log{std::string{}};
    CHECK_FALSE(error_of([&] { kvt::run_log{path}; }));
    copy.write(log_level::error, "nowhere", "T");
    CHECK(kvt::read_file(path).empty());
}

TEST_CASE("a log that cannot be written is the work's failure, and a device is one that can") {
    scratch_folder const folder;
    auto const file = folder.file("file", "x");
    auto const e = error_of([&] { kvt::run_log{file + "/run.log"}; });
    REQUIRE(e);
    CHECK(e->exit_code() == 1);
    CHECK(holds(e->what(), file + "/run.log"));
    CHECK(error_of([&] { kvt::run_log{folder.path}; }));
    kvt::run_log{"/dev/null"}.write(log_level::error, "x", "T");
    if (kvt::file_exists("/dev/full")) {
        kvt::run_log const full{"/dev/full"};
        CHECK_THROWS_AS(full.write(log_level::error, "x", "T"), kvt::error);
    }
}
