#include <doctest/doctest.h>

#include <kvt/engine/evidence.hpp>

#include <vector>

using namespace kvt;
using engine::budget_level;
using engine::budget_sent;
using engine::evidence;

namespace {

std::vector<engine::kv_report> reports(std::int64_t n, evidence proof, std::optional<std::int64_t> total = {},
                                       std::optional<std::int64_t> kept = {}) {
    return std::vector<engine::kv_report>(static_cast<std::size_t>(n), {proof, total, kept});
}
engine::budget_evidence run(double budget, std::vector<engine::kv_report> const& r, budget_sent sent = budget_sent::yes,
                            std::int64_t always_kept = 0) {
    return engine::measure_budget(budget, sent, r, always_kept);
}

}  // namespace

TEST_CASE("token counts fit a budget within 0.05 or the tokens always kept") {
    CHECK(engine::fits_budget(0.2, 1000, 200, 0));
    CHECK(engine::fits_budget(0.2, 1000, 250, 0));
    CHECK(!engine::fits_budget(0.2, 1000, 251, 0));
    CHECK(engine::fits_budget(0.2, 1000, 150, 0));
    CHECK(!engine::fits_budget(0.2, 1000, 149, 0));
    CHECK(engine::fits_budget(0.2, 100, 52, 32));
    CHECK(!engine::fits_budget(0.2, 100, 53, 32));
    CHECK(engine::fits_budget(1.0, 100, 100, 0));
    CHECK(!engine::fits_budget(1.0, 100, 99, 50));
    CHECK(!engine::fits_budget(0.2, 0, 0, 0));
    CHECK(!engine::fits_budget(1.0, 100, 101, 0));
}

TEST_CASE("counts that fit and differ prove; the same counts everywhere do not") {
    std::vector<engine::budget_evidence> group{run(1.0, reports(3, evidence::acknowledged, 100, 100)),
                                               run(0.2, reports(3, evidence::acknowledged, 100, 20))};
    engine::judge(group);
    CHECK(group[0].level == budget_level::proven);
    CHECK(group[1].level == budget_level::proven);
    CHECK(group[1].mean_share == doctest::Approx(0.2));
    CHECK(group[1].reason.empty());

    group[1] = run(0.98, reports(3, evidence::acknowledged, 100, 100));  // fits, but nothing was removed
    engine::judge(group);
    CHECK(group[0].level == budget_level::declared);
    CHECK(group[1].level == budget_level::declared);
    CHECK(group[1].reason == "no two budgets of the group kept different shares");
}

TEST_CASE("one request that does not fit or does not report is enough to prove nothing") {
    auto some = reports(3, evidence::acknowledged, 100, 20);
    some[1].retained_tokens = 100;
    std::vector<engine::budget_evidence> group{run(1.0, reports(3, evidence::acknowledged, 100, 100)), run(0.2, some)};
    engine::judge(group);
    CHECK(group[1].level == budget_level::declared);
    CHECK(group[1].reason == "2 of 3 answers kept what the budget asks for");
    some[1] = {};
    group[1] = run(0.2, some);
    engine::judge(group);
    CHECK(group[1].level == budget_level::declared);
    CHECK(group[1].proof == evidence::none);
    CHECK(group[1].reason == "2 of 3 answers say how many tokens were kept");
}

TEST_CASE("receipts prove by themselves; what was not sent is a label") {
    std::vector<engine::budget_evidence> group{run(1.0, reports(2, evidence::receipts)),
                                               run(0.2, reports(2, evidence::none)),
                                               run(0.5, reports(2, evidence::none), budget_sent::no), run(0.1, {})};
    engine::judge(group);
    CHECK(group[0].level == budget_level::proven);
    CHECK(group[0].proof == evidence::receipts);
    CHECK(group[1].level == budget_level::declared);
    CHECK(group[2].level == budget_level::label);
    CHECK(group[2].reason == "the budget was not sent");
    CHECK(group[3].reason == "no request was answered");
    auto mixed = reports(2, evidence::receipts);
    mixed.push_back({});
    group = {run(0.2, mixed)};
    engine::judge(group);
    CHECK(group[0].level == budget_level::declared);
    CHECK(group[0].receipts == 2);
}

TEST_CASE("outputs that hardly differ are suspect from eight pairs on") {
    std::vector<std::string> const same(20, "x");
    auto other = same;
    CHECK(engine::compare_outputs(same, other).suspect);
    other[0] = "y";
    CHECK(engine::compare_outputs(same, other).suspect);  // 19 of 20 are 95 %
    other[1] = "y";
    auto const check = engine::compare_outputs(same, other);
    CHECK(!check.suspect);
    CHECK(check.pairs == 20);
    CHECK(check.identical == 18);
    CHECK(!engine::compare_outputs(std::vector<std::string>(7, "x"), std::vector<std::string>(7, "x")).suspect);
}
