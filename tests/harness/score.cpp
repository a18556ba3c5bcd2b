// The score stage, and what analysis sees of requests that were scored, cut off, blank or failed.
#include <doctest/doctest.h>

#include <kvt/harness/observe.hpp>
#include <kvt/harness/score.hpp>

#include <harness/bench.hpp>

#include <algorithm>

using namespace kvt;

namespace {

/// Twelve right answers, but for the first, which is cut off, the second, which is blank, and the third, which failed.
struct answered : bench {
    harness::executed runs = ask({1.0});
    std::vector<harness::request_row> requests = store::select<harness::request_row>(db(), {}, {"entry_idx"});

    answered() {
        change(0, [](auto& row) { row.failure_label = "TRUNCATED", row.finish_reason = "length"; });
        change(1, [](auto& row) { row.text = " \n"; });
        store::erase<harness::response_row>(db(), key(2));
        store::insert(db(), harness::failure_row{requests[2].request_id, "TIMEOUT", "no answer within 1 s", {}, 1});
    }
    [[nodiscard]] store::where key(std::size_t i) const { return {{"request_id", requests[i].request_id}}; }
    void change(std::size_t i, auto const& how) {
        auto row = store::first<harness::response_row>(db(), key(i)).value();
        how(row);
        store::upsert(db(), row);
    }
    harness::score_row score_of(std::size_t i) { return store::first<harness::score_row>(db(), key(i)).value(); }
};

}  // namespace

TEST_CASE("every request has one score row, which says why where there is no score") {
    answered b;
    harness::score const stage{eval::exact_match{}, eval::token_f1{}};
    auto const done = stage(b.ctx, b.runs);
    CHECK(done.runs == b.runs.runs);
    CHECK(b.count<harness::score_row>() == 12);
    for (std::size_t i : {0, 3, 11}) {
        CHECK(b.score_of(i).scorable == 1);
        CHECK(b.score_of(i).em == 1);
        CHECK(b.score_of(i).acc == 1);
        CHECK(b.score_of(i).metric_version == stage.version());
    }
    CHECK(b.score_of(1).reason == "EMPTY_OUTPUT");
    CHECK(b.score_of(2).reason == "FAILURE");
    for (std::size_t i : {1, 2}) {
        CHECK(b.score_of(i).scorable == 0);
        CHECK(b.score_of(i).acc == 0);
    }
}

TEST_CASE("rows that stand are left alone; other rules and later answers are scored anew") {
    answered b;
    auto const known = *store::first<harness::response_row>(b.db(), b.key(3))->text;
    b.change(3, [&](auto& row) { row.text = known + " " + known + " more"; });
    harness::score const by_match{eval::exact_match{}, eval::token_f1{}};
    harness::score const by_words{eval::token_f1{}, eval::exact_match{}};
    (void)by_match(b.ctx, b.runs);
    CHECK(b.score_of(3).acc == 0);
    auto marked = b.score_of(4);
    marked.pred_norm = "left alone";
    store::upsert(b.db(), marked);
    store::erase<harness::failure_row>(b.db(), b.key(2));
    store::insert(b.db(),
                  harness::response_row{"later", b.requests[2].request_id, "an answer", "stop", {}, {}, {}, {}});
    (void)by_match(b.ctx, b.runs);
    CHECK(b.score_of(4).pred_norm == "left alone");
    CHECK(b.score_of(2).pred_norm.value() == "an answer");
    (void)by_words(b.ctx, b.runs);
    CHECK(b.score_of(4).pred_norm != "left alone");
    CHECK(b.score_of(3).acc > 0);
    CHECK(b.score_of(3).acc == b.score_of(3).f1_multiset);
    CHECK(b.score_of(3).em == 0);
}

TEST_CASE("an answer that was cut off is scored, and fails where the rule says so") {
    answered b;
    (void)harness::score{eval::exact_match{}}(b.ctx, b.runs);
    auto const run = store::select<harness::run_row>(b.db()).at(0);
    for (auto const rule : {harness::truncation::failure, harness::truncation::answer}) {
        CAPTURE(kvt::name_of(rule));
        auto const records = harness::request_records(b.db(), run);
        auto const seen = harness::observations(records, rule);
        auto const checks = harness::request_checks(records, rule);
        REQUIRE(seen.size() == 12);
        CHECK(seen[0].acc == 1);
        CHECK(seen[0].failed == (rule == harness::truncation::failure));
        CHECK_FALSE(seen[1].acc);
        CHECK_FALSE(seen[2].acc);
        CHECK(seen[2].failed);
        CHECK_FALSE(seen[3].failed);
        CHECK(std::count_if(checks.begin(), checks.end(), [](auto const& c) { return c.failed; }) ==
              (rule == harness::truncation::failure ? 2 : 1));
    }
}
