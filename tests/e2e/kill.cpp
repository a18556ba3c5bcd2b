// Killed at any moment, run again, complete: no request lost, none repeated (spec H3, H4).
#include "process.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace e2e;
using namespace kvt;

namespace {

/// Every answer's identity and time of commitment, to see that what was committed is never asked again.
std::map<std::string, std::string> committed(std::string const& database) {
    std::map<std::string, std::string> out;
    store::sqlite db{database, store::open_mode::existing};
    for (auto const& r : store::select<harness::response_row>(db)) out[r.request_id] = r.created_at.value_or("") + *r.text;
    return out;
}

}  // namespace

TEST_CASE("kill -9 at 20 random moments of a run") {
    workplace place;
    spit(place / "kill.yaml", small_experiment("kill"));
    auto const database = (place / "runs/kill/kv_transition.sqlite").string();
    REQUIRE(e2e::kvt(place, {"prepare", "-c", "kill.yaml", "-q"}).code == 0);

    std::mt19937 moments{20};  // the moments, not the results, are random
    std::map<std::string, std::string> before;
    int killed = 0;
    for (int i = 0; i < 20; ++i) {
        process p{place, {"run", "-c", "kill.yaml", "--resume", "-q"}};
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{5, 120}(moments)});
        p.kill(SIGKILL);
        killed += p.wait().signal == SIGKILL;
        auto const after = committed(database);
        for (auto const& [id, what] : before) {
            REQUIRE(after.contains(id));
            CHECK_MESSAGE(after.at(id) == what, "asked again: ", id);
        }
        before = after;
    }
    MESSAGE("killed ", killed, " times of 20, ", before.size(), " answers committed on the way");

    auto const last = e2e::kvt(place, {"run", "-c", "kill.yaml", "--resume", "-q"});
    REQUIRE_MESSAGE(last.code == 0, last.err);
    store::sqlite db{database, store::open_mode::existing};
    auto const requests = store::select<harness::request_row>(db);
    CHECK(requests.size() == 12 * 5);  // 12 prompts: the full cache once, two policies at two budgets
    std::set<std::string> ids;
    for (auto const& r : requests) {
        ids.insert(r.run_id + "|" + std::to_string(r.entry_idx));
        store::where const key{{"request_id", r.request_id}};
        CHECK(store::count<harness::response_row>(db, key) + store::count<harness::failure_row>(db, key) == 1);
    }
    CHECK(ids.size() == requests.size());

    for (auto const* step : {"score", "analyze", "report"}) {
        auto const r = e2e::kvt(place, {step, "-c", "kill.yaml", "-q"});
        REQUIRE_MESSAGE(r.code == 0, step, ": ", r.err);
    }
    auto const checked = e2e::kvt(place, {"verify", "runs/kill"});
    CHECK_MESSAGE(checked.code == 0, checked.out, checked.err);
}
