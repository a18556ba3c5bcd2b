#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/eval/scoring.hpp>

using namespace kvt::eval;

namespace {
std::vector<std::string> const gold{"Gold", "gold ore"};
answer said(std::string text, std::string finish = "stop") {
    return {.responded = true, .text = std::move(text), .finish_reason = std::move(finish)};
}
}  // namespace

TEST_CASE("an answer is scored against the best gold; the first gold is shown") {
    auto const s = score_answer(said(" GOLD ore. "), gold, {});
    CHECK(s.scorable);
    CHECK_FALSE(s.reason);
    CHECK_FALSE(s.label);
    CHECK(s.em == 1);
    CHECK(s.f1 == 1);
    CHECK(*s.pred_norm == "gold ore");
    CHECK(*s.gold_norm == "gold");
}

TEST_CASE("every request gets a row; what cannot be scored says why and scores 0") {
    auto const check = [](answer const& came_back, std::vector<std::string> const& golds, unscorable reason,
                          std::optional<failure_label> label) {
        auto const s = score_answer(came_back, golds, {});
        CHECK_FALSE(s.scorable);
        CHECK(s.reason == reason);
        CHECK(s.label == label);
        CHECK(s.em + s.f1 + s.f1_set + s.f1_multiset + s.acc == 0);
    };
    check({.failure = failure_label::timeout}, gold, unscorable::failure, failure_label::timeout);
    check({}, gold, unscorable::no_response, failure_label::unknown_failure);
    check(said(" \n"), gold, unscorable::empty_output, failure_label::empty_output);
    check({.responded = true}, gold, unscorable::empty_output, failure_label::empty_output);
    check(said("gold"), {}, unscorable::no_gold, std::nullopt);
}

TEST_CASE("a labelled answer is scored all the same") {
    auto const cut = score_answer(said("gold", "length"), gold, {});
    CHECK(cut.scorable);
    CHECK(cut.em == 1);
    CHECK(cut.label == failure_label::truncated);
    CHECK(scoring{}.counts(cut.label));
    CHECK_FALSE(scoring{.truncated_is_failure = false}.counts(cut.label));
    CHECK(scoring{.truncated_is_failure = false}.counts(failure_label::refusal));
    CHECK_FALSE(scoring{}.counts(std::nullopt));
}

TEST_CASE("the rules choose accuracy and overlap; both overlaps are kept") {
    std::vector<std::string> const twice{"the the"};
    auto const standard = score_answer(said("the the"), twice, {});
    CHECK(standard.f1 == 1);
    CHECK(standard.acc == 1);
    CHECK(standard.f1_set == 0.5);
    auto const set = score_answer(said("the the"), twice, {.f1_overlap = kvt::text::overlap::set});
    CHECK(set.f1 == 0.5);
    CHECK(set.acc == 0.5);
    CHECK(set.f1_multiset == 1);
    CHECK(set.em == 1);
    CHECK(score_answer(said("the"), twice, {.primary_metric = primary_metric::em}).acc == 0);
}

TEST_CASE("the version changes with every rule that changes a number") {
    CHECK(scoring{}.version() != scoring{.primary_metric = primary_metric::em}.version());
    CHECK(scoring{}.version() != scoring{.f1_overlap = kvt::text::overlap::set}.version());
    CHECK(scoring{}.version() == scoring{.truncated_is_failure = false}.version());
    CHECK(score_answer(said("x"), gold, {}).metric_version == scoring{}.version());
    CHECK(score_answer(said("x"), gold, {}, same_text{}).metric_version != scoring{}.version());
}

TEST_CASE("a task's own metric sees the raw text, and is accuracy where the rules say so") {
    scoring const rules{.primary_metric = primary_metric::longbench};
    auto const s = score_answer(said("Gold"), gold, rules, same_text{});
    CHECK(s.task_score == 1);
    CHECK(s.acc == 1);
    auto const missed = score_answer(said("gold"), gold, rules, same_text{});
    CHECK(missed.acc == 0);
    CHECK(missed.f1 == 1);
    CHECK_FALSE(score_answer({}, gold, rules, same_text{}).task_score);
    CHECK_THROWS_AS((void)score_answer(said("x"), gold, rules), kvt::error);
}

TEST_CASE("scoring is pure: twice the same row") {
    for (auto const& came_back :
         {said("gold stuff", "length"), said(""), answer{.failure = failure_label::refusal}, answer{}})
        CHECK(kvt::to_json(score_answer(came_back, gold, {})) == kvt::to_json(score_answer(came_back, gold, {})));
}
