#include <doctest/doctest.h>

#include <kvt/engine/step_journal.hpp>
#include <kvt/trace/read.hpp>
#include <support/scratch_folder.hpp>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace engine = kvt::engine;
namespace trace = kvt::trace;

TEST_CASE("both logs read back as they are meant, over several runs") {
    scratch_folder folder;
    for (int run = 0; run < 2; ++run) {
        engine::step_journal journal{folder / "p.csv", folder / "s.csv"};
        double const now = journal.now();
        CHECK(std::abs(now - static_cast<double>(std::time(nullptr))) < 5);
        CHECK(journal.now() >= now);
        auto const a = journal.next_id(""), b = journal.next_id("own, \"id\"");
        CHECK(a.ends_with("-1"));
        CHECK(b.ends_with("-2:own, \"id\""));
        journal.add(trace::phase{a, trace::phase_kind::prefill, now, now + 1, 64, 0});
        journal.add(trace::logged_step{.t_start = now, .t_end = now + 1, .prefill_tokens = 64});
        CHECK(trace::read_trace(folder / "p.csv").size() == static_cast<std::size_t>(run) * 2);  // not yet
        journal.commit();
        journal.add(trace::phase{b, trace::phase_kind::decode, now + 1, now + 2, 0, 3});
        journal.commit();
        while (journal.now() - now < 0.003) {}  // ids begin with milliseconds
    }
    auto const phases = trace::read_trace(folder / "p.csv");
    REQUIRE(phases.size() == 4);
    CHECK(phases.tokens[0] == 64);
    CHECK(phases.request_id[0] != phases.request_id[2]);  // unique over runs
    CHECK_NOTHROW((void)trace::check_trace(phases, {.chunk_size = 64}, trace::prompt_use::needed));
    CHECK(trace::read_steps(folder / "s.csv").size() == 2);
}

TEST_CASE("without files nothing is written; a file that cannot be is refused before anything starts") {
    engine::step_journal none;
    none.add(trace::logged_step{});
    none.commit();
    CHECK_THROWS_AS((engine::step_journal{"/dev/null/p.csv", ""}), kvt::error);
    CHECK_THROWS_AS((engine::step_journal{"", "/proc/none/s.csv"}), kvt::error);
    CHECK_THROWS_AS((engine::step_journal{"/dev/full", ""}), kvt::error);
}

TEST_CASE("where one log is refused, the other is not there, nor are its folders") {
    scratch_folder folder;
    std::ofstream{folder / "notes.txt"} << "mine\n";
    for (auto const& bad : {folder / "notes.txt", folder / "notes.txt/s.csv"}) {
        CHECK_THROWS_AS((engine::step_journal{folder / "deep/er/p.csv", bad}), kvt::error);
        CHECK_THROWS_AS((engine::step_journal{bad, folder / "deep/er/s.csv"}), kvt::error);
        CHECK_FALSE(std::filesystem::exists(folder / "deep"));
    }
    { engine::step_journal const one{folder / "p.csv", ""}; }
    std::ofstream{folder / "p.csv", std::ios::app} << "half a ro";
    auto const size = std::filesystem::file_size(folder / "p.csv");
    CHECK_THROWS_AS((engine::step_journal{folder / "p.csv", folder / "notes.txt"}), kvt::error);
    CHECK(std::filesystem::file_size(folder / "p.csv") == size);  // not even cut
}
