#include <doctest/doctest.h>
#include <kvt/core/progress.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

/// A stream that remembers what was written to it.
struct tape {
    std::FILE* file = std::tmpfile();
    tape() { REQUIRE(file != nullptr); }
    tape(tape const&) = delete;
    tape& operator=(tape const&) = delete;
    ~tape() { std::fclose(file); }
    [[nodiscard]] std::string text() const {
        std::fflush(file);
        std::string out(static_cast<std::size_t>(std::ftell(file)), '\0');
        std::rewind(file);
        out.resize(std::fread(out.data(), 1, out.size(), file));
        std::fseek(file, 0, SEEK_END);
        return out;
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> out;
        auto const all = text();
        for (std::size_t start = 0; start < all.size();) {
            auto const end = all.find('\n', start);
            out.push_back(all.substr(start, end - start));
            start = end == all.npos ? end : end + 1;
        }
        return out;
    }
};

}  // namespace

TEST_CASE("lines: every tenth of the work, and the end") {
    tape const t;
    {
        kvt::progress_meter const meter{kvt::progress_style::lines, t.file, 0};
        auto task = meter.begin("running", 100, "requests");
        for (int i = 0; i < 100; ++i) task.advance();
    }
    auto const lines = t.lines();
    REQUIRE(lines.size() == 10);
    for (std::size_t i = 0; i < 9; ++i) {
        CHECK(lines[i].starts_with("running  " + std::to_string((i + 1) * 10) + "/100 requests  "));
        CHECK(lines[i].ends_with(" left"));
    }
    CHECK(lines[9].starts_with("running  100/100 requests  "));
    CHECK_FALSE(lines[9].ends_with("left"));
    CHECK(t.text().find('\r') == std::string::npos);
    CHECK(t.text().find('\033') == std::string::npos);
}

TEST_CASE("lines: quick work has its end alone") {
    tape const t;
    {
        kvt::progress_meter const meter{kvt::progress_style::lines, t.file, 60};
        auto task = meter.begin("running", 100);
        for (int i = 0; i < 100; ++i) task.advance();
    }
    REQUIRE(t.lines().size() == 1);
    CHECK(t.lines()[0].starts_with("running  100/100  "));
}

TEST_CASE("lines: work of unknown length reports its end alone") {
    tape const t;
    {
        kvt::progress_meter const meter{kvt::progress_style::lines, t.file, 0};
        auto task = meter.begin("reading", 0, "rows");
        for (int i = 0; i < 1000; ++i) task.advance(3);
    }
    REQUIRE(t.lines().size() == 1);
    CHECK(t.lines()[0].starts_with("reading  3000 rows  "));
}

TEST_CASE("lines: notes stand behind, empty work is said too") {
    tape const t;
    kvt::progress_meter const meter{kvt::progress_style::lines, t.file, 0};
    {
        auto task = meter.begin("training", 2);
        task.advance();
        task.note("loss 1.25");
        task.advance();
    }
    { auto const none = meter.begin("nothing", 0); }
    meter.say("a line");
    auto const lines = t.lines();
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].starts_with("training  1/2  "));
    CHECK(lines[1].ends_with("  loss 1.25"));
    CHECK(lines[2].starts_with("nothing  0  "));
    CHECK(lines[3] == "a line");
}

TEST_CASE("bar: redrawn in place, one line left") {
    tape const t;
    {
        kvt::progress_meter const meter{kvt::progress_style::bar, t.file};
        auto task = meter.begin("running", 10);
        for (int i = 0; i < 10; ++i) task.advance();
        meter.say("note");
    }
    auto const text = t.text();
    CHECK(text.find("[########################]  10/10") != text.npos);
    CHECK(text.find("\r\033[Knote\n") != text.npos);
    CHECK(text.ends_with("\n"));
    // drawn at most ten times a second: a loop this short draws its start and its end
    CHECK(std::count(text.begin(), text.end(), '\r') <= 4);
}

TEST_CASE("bar: more steps than announced do not break it") {
    tape const t;
    {
        kvt::progress_meter const meter{kvt::progress_style::bar, t.file};
        auto task = meter.begin("running", 3);
        task.advance(1000);
    }
    CHECK(t.text().find("1000/3") != std::string::npos);
    CHECK(t.text().size() < 400);
}

TEST_CASE("silent is silent, and a file is no terminal") {
    tape const quiet, automatic;
    {
        kvt::progress_meter const meter{kvt::progress_style::silent, quiet.file};
        auto task = meter.begin("running", 10);
        task.advance(10);
        meter.say("x");
    }
    CHECK(quiet.text().empty());
    {
        kvt::progress_meter const meter{kvt::progress_style::automatic, automatic.file};
        auto task = meter.begin("running", 1);
        task.advance();
    }
    CHECK(automatic.text().find('\r') == std::string::npos);
    CHECK(automatic.lines().size() == 1);
}

TEST_CASE("the clock never goes back") {
    double last = kvt::monotonic_seconds();
    for (int i = 0; i < 10000; ++i) {
        double const now = kvt::monotonic_seconds();
        REQUIRE(now >= last);
        last = now;
    }
}
