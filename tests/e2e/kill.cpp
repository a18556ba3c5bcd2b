// Killed at any moment, run again, complete: no request lost, none repeated (spec H3, H4).
#include "process.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <algorithm>

#include <map>
#include <set>

using namespace e2e;
using namespace kvt;

namespace {

/// When each answer that is committed was asked, on a clock that never goes back: asked again, it would be later.
std::map<std::string, double> committed(std::string const& database) {
    std::map<std::string, double> out;
    store::sqlite db{database, store::open_mode::read_only};
    store::transaction(db, [&] {
        for (auto const& r : store::select<harness::telemetry_row>(db)) out[r.request_id] = r.start_s.value();
        CHECK(store::count<harness::response_row>(db) == out.size());
        CHECK(store::count<harness::receipt_row>(db) == out.size());
    });
    return out;
}

/// All that was committed still is, and was not asked again.
void keeps(std::map<std::string, double> const& before, std::map<std::string, double> const& after) {
    for (auto const& [id, asked] : before) {
        REQUIRE_MESSAGE(after.contains(id), "lost: ", id);
        CHECK_MESSAGE(after.at(id) == asked, "asked again: ", id);
    }
}

}  // namespace

TEST_CASE("kill -9 at 20 random moments of a run") {
    constexpr std::size_t everything = 3 * 40 * 5;  // 120 prompts: the full cache once, two policies at two budgets
    workplace place;
    spit(place / "kill.yaml", small_experiment("kill", 40));
    auto const database = (place / "runs/kill/kv_transition.sqlite").string();
    REQUIRE(e2e::kvt(place, {"prepare", "-c", "kill.yaml", "-q"}).code == 0);

    std::mt19937 moments{20};  // the moments, not the results, are random
    std::map<std::string, double> before;
    int under_way = 0;  // kills between a run's first answer and the experiment's last
    for (int i = 0; i < 20; ++i) {
        process p{place, {"run", "-c", "kill.yaml", "--resume", "-q"}};
        auto const wanted = std::min(before.size() + moments() % 24, everything);  // none: before the first answer
        CHECK(eventually([&] { return committed(database).size() >= wanted; }));
        std::this_thread::sleep_for(std::chrono::milliseconds{moments() % 8});
        p.kill(SIGKILL);
        bool const killed = p.wait().signal == SIGKILL;
        auto const after = committed(database);
        keeps(before, after);
        under_way += killed && after.size() > before.size() && after.size() < everything;
        before = after;
    }
    MESSAGE(under_way, " of 20 kills while answers came in, ", before.size(), " of ", everything,
            " committed on the way");
    CHECK(under_way >= 10);

    auto const last = e2e::kvt(place, {"run", "-c", "kill.yaml", "--resume", "-q"});
    REQUIRE_MESSAGE(last.code == 0, last.err);
    keeps(before, committed(database));
    store::sqlite db{database, store::open_mode::existing};
    auto const requests = store::select<harness::request_row>(db);
    CHECK(requests.size() == everything);
    std::set<std::string> ids;
    for (auto const& r : requests) {
        ids.insert(r.run_id + "|" + std::to_string(r.entry_idx));
        store::where const key{{"request_id", r.request_id}};
        CHECK(store::count<harness::response_row>(db, key) + store::count<harness::failure_row>(db, key) == 1);
    }
    CHECK(ids.size() == requests.size());

    for (auto const* step : {"score", "analyze", "report"}) {
        auto const r = e2e::kvt(place, {step, "-c", "kill.yaml", "-q"});
        REQUIRE_MESSAGE(r.code == 0, std::string{step}, ": ", r.err);
    }
    auto const checked = e2e::kvt(place, {"verify", "runs/kill"});
    CHECK_MESSAGE(checked.code == 0, checked.out, checked.err);
}
