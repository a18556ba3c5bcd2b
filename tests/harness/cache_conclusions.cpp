#include <doctest/doctest.h>
#include <kvt/harness/cache_conclusions.hpp>

#include <algorithm>

using namespace kvt::harness;

namespace {

bool said(std::vector<std::string> const& sentences, std::string const& part) {
    return std::ranges::any_of(sentences, [&](auto const& s) { return s.find(part) != std::string::npos; });
}

predictor_row row(cache_part part, damage_kind damage, group_predictor sign, double middle, double low, double high,
                  std::string answer) {
    return {.part = part,
            .bits = 2,
            .damage = damage,
            .predictor = sign,
            .correlation = middle,
            .low = low,
            .high = high,
            .prompts = 20,
            .answer = std::move(answer)};
}

cache_findings some_findings() {
    cache_findings f;
    f.prompts = 20, f.answered = 19;
    f.predictors.push_back(
        row(cache_part::keys, damage_kind::attention, group_predictor::roughness, 0.41, 0.35, 0.47, "yes"));
    f.predictors.push_back(row(cache_part::keys, damage_kind::answer, group_predictor::roughness, -0.2, -0.4, -0.1,
                               "no: weakly the reverse"));
    f.predictors.push_back(
        row(cache_part::keys, damage_kind::attention, group_predictor::noise_power, 0.6, 0.55, 0.65, "yes"));
    f.smoothness.push_back({.part = cache_part::keys, .group = 32, .bounded = 0.8});
    f.smoothness.push_back({.part = cache_part::keys, .head = 1, .group = 32, .bounded = 0.7});
    f.smoothness.push_back({.part = cache_part::keys, .group = 16, .bounded = 0.1});  // not the first group size
    f.smoothness.push_back({.part = cache_part::keys_before_rotation, .group = 32, .bounded = 0.7});
    f.mixes.push_back({.mix = cache_mix::keys, .broken_bounds = 2});
    f.mixes.push_back({.mix = cache_mix::both, .broken_bounds = 1});
    return f;
}

}  // namespace

TEST_CASE("the answer, with its intervals, from the rows of its own part and width") {
    auto const c = conclusions_of(some_findings());
    CHECK(said(c, "(keys, 2 bits, groups of 32)? For the attention output: yes, rank correlation 0.41 [0.35, 0.47]"));
    CHECK(said(c, "for the answer's likelihood: no: weakly the reverse, -0.20 [-0.40, -0.10]"));
    CHECK(said(c, "Noise power alone: 0.60 [0.55, 0.65] and undefined"));
    CHECK(said(c,
               "(values, 2 bits, groups of 32)? For the attention output: not to be said, rank correlation undefined"));
}

TEST_CASE("queries have a say of keys, not of values") {
    auto f = some_findings();
    f.predictors.push_back(
        row(cache_part::keys, damage_kind::attention, group_predictor::weighted_roughness, 0.11, 0.1, 0.12, "weakly"));
    auto const c = conclusions_of(f);
    CHECK(said(c, "Weighted by the queries: 0.11 [0.10, 0.12] and undefined."));
    CHECK(std::ranges::count_if(c, [](auto const& s) { return s.find("Weighted") != std::string::npos; }) == 2);
}

TEST_CASE("lost answers, and what their interval allows to say") {
    auto f = some_findings();
    CHECK(said(conclusions_of(f), "Lost answers (keys, 2 bits): undefined."));
    f.lost.push_back({.part = cache_part::keys,
                      .bits = 2,
                      .predictor = group_predictor::roughness,
                      .highest = 0.03,
                      .lowest = 0.01,
                      .difference = 0.02,
                      .low = -0.01,
                      .high = 0.05,
                      .prompts = 19});
    CHECK(said(conclusions_of(f), "roughest third loses the answer in 3.00 % of cases, one of the smoothest third in "
                                  "1.00 %; the difference is 2.00 [-1.00, 5.00] points: neither loses more"));
    f.lost[0].low = 0.001;
    CHECK(said(conclusions_of(f), "points: rough groups lose more."));
    f.lost[0].low = -0.2, f.lost[0].high = -0.1;
    CHECK(said(conclusions_of(f), "points: smooth groups lose more."));
}

TEST_CASE("smoothing online, before and after") {
    auto f = some_findings();
    CHECK_FALSE(said(conclusions_of(f), "Smoothed online"));
    f.online.push_back({.part = cache_part::keys_before_rotation, .bits = 2, .score_before = 0.1});
    f.online.push_back({.part = cache_part::keys,
                        .bits = 2,
                        .score_before = 0.8,
                        .score_after = 0.9,
                        .error_before = 0.125,
                        .error_after = 0.15,
                        .change = 0.21,
                        .low = 0.2,
                        .high = 0.22,
                        .answered = 19,
                        .lost_before = 2,
                        .lost_after = 3});
    CHECK(said(conclusions_of(f),
               "(keys, 2 bits), the bounded score goes from 0.800 to 0.900 and the attention output's "
               "error from 0.1250 to 0.1500 (by 21.0 % [20.0, 22.0]); answers lost: 2 before, 3 after."));
}

TEST_CASE("intervals of fewer than ten prompts are called what they are") {
    auto f = some_findings();
    f.prompts = 10;
    CHECK_FALSE(said(conclusions_of(f), "overconfident"));
    f.prompts = 9;
    CHECK(said(conclusions_of(f), "With 9 prompts the intervals are overconfident"));
    f.prompts = 1;
    CHECK(said(conclusions_of(f), "With 1 prompt the intervals are overconfident"));
}

TEST_CASE("which keys are smoother is read from their scores") {
    auto f = some_findings();
    CHECK(said(conclusions_of(f), "Keys score 0.750 as stored and 0.700 before their rotation"));
    CHECK(said(conclusions_of(f), "they are rougher before it."));
    f.smoothness.back().bounded = 0.9;
    CHECK(said(conclusions_of(f), "they are smoother before it."));
    f.smoothness.back().bounded = 0.75;
    CHECK(said(conclusions_of(f), "they are as smooth."));
}

TEST_CASE("eviction, broken bounds and unanswered prompts are spoken of where there are any") {
    auto f = some_findings();
    CHECK(said(conclusions_of(f), "3 changes of logits exceed their bound."));
    CHECK_FALSE(said(conclusions_of(f), "After snapkv"));
    CHECK_FALSE(said(conclusions_of(f), "answers none"));
    f.mixes.clear(), f.answered = 0;
    f.eviction.push_back({cache_part::keys, 0, 0, 0.9, 0.8, 0.7});
    f.eviction.push_back({cache_part::keys, 0, 1, 0.8, 0.7, 0.6});
    f.eviction.push_back({cache_part::keys_before_rotation, 0, 0, 0.1, 0.1, 0.1});
    auto const c = conclusions_of(f);
    CHECK(said(c, "No logit changed by more than its bound."));
    CHECK(said(
        c, "After snapkv at 0.50 the stored keys score 0.750 in cache order and 0.650 in time order, 0.850 before"));
    CHECK(said(c, "The exact cache answers none of the prompts"));
}
