#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/eval/scoring.hpp>

using namespace kvt::eval;

namespace {
std::vector<std::string> const gold{"Gold", "gold ore"};
answer said(std::string text, std::string finish = "stop") {
    return {.responded = true, .text = std::move(text), .finish_reason = std::move(finish)};
}
exact_match const em{};
token_f1 const f1{}, f1_set{kvt::text::overlap::set};
}  // namespace

TEST_CASE("an answer is scored against the best gold; the first gold is shown") {
    auto const s = score_answer(said(" GOLD ore. "), gold, f1);
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
        auto const s = score_answer(came_back, golds, f1);
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
    auto const cut = score_answer(said("gold", "length"), gold, f1);
    CHECK(cut.scorable);
    CHECK(cut.em == 1);
    CHECK(cut.label == failure_label::truncated);
}

TEST_CASE("the first metric is accuracy, a token F1 among them says which overlap f1 is; both overlaps are kept") {
    std::vector<std::string> const twice{"the the"};
    auto const standard = score_answer(said("the the"), twice, f1, em);
    CHECK(standard.f1 == 1);
    CHECK(standard.acc == 1);
    CHECK(standard.f1_set == 0.5);
    auto const set = score_answer(said("the the"), twice, em, f1_set);
    CHECK(set.f1 == 0.5);
    CHECK(set.acc == 1);
    CHECK(set.f1_multiset == 1);
    CHECK(set.em == 1);
    CHECK(score_answer(said("the the"), twice, f1_set).acc == 0.5);
    auto const half = score_answer(said("the"), twice, em);
    CHECK(half.acc == 0);
    CHECK(half.f1 == half.f1_multiset);
    CHECK(half.f1 > 0);
}

TEST_CASE("the version changes with every rule that changes a number") {
    CHECK(metric_version(f1, em) != metric_version(em, f1));
    CHECK(metric_version(f1) != metric_version(f1_set));
    CHECK(metric_version(f1) != metric_version(f1, same_text{}));
    CHECK(metric_version(f1, em) == R"(kvt-1/f1{"overlap":"multiset"}/em{})");
    CHECK(score_answer(said("x"), gold, f1, em).metric_version == metric_version(f1, em));
    CHECK(score_answer({}, gold, f1, em).metric_version == metric_version(f1, em));
}

TEST_CASE("a task's own metric sees the raw text, and is accuracy where it comes first") {
    auto const s = score_answer(said("Gold"), gold, same_text{}, f1);
    CHECK(s.task_score == 1);
    CHECK(s.acc == 1);
    auto const missed = score_answer(said("gold"), gold, same_text{}, f1);
    CHECK(missed.acc == 0);
    CHECK(missed.task_score == 0);
    CHECK(missed.f1 == 1);
    CHECK(score_answer(said("gold"), gold, f1, same_text{}).acc == 1);
    CHECK_FALSE(score_answer(said("gold"), gold, f1, em).task_score);
    CHECK_FALSE(score_answer({}, gold, same_text{}).task_score);
}

TEST_CASE("scoring is pure: twice the same row") {
    for (auto const& came_back :
         {said("gold stuff", "length"), said(""), answer{.failure = failure_label::refusal}, answer{}})
        CHECK(kvt::to_json(score_answer(came_back, gold, f1)) == kvt::to_json(score_answer(came_back, gold, f1)));
}
