#include <doctest/doctest.h>
#include <kvt/harness/cache_conclusions.hpp>

#include <algorithm>

using namespace kvt::harness;

namespace {

bool said(std::vector<std::string> const& sentences, std::string const& part) {
    return std::ranges::any_of(sentences, [&](auto const& s) { return s.find(part) != std::string::npos; });
}

sign_row row(cache_part part, damage_kind damage, group_sign sign, double middle, double low, double high,
             std::string answer) {
    return {.part = part,
            .bits = 2,
            .damage = damage,
            .sign = sign,
            .correlation = middle,
            .low = low,
            .high = high,
            .prompts = 20,
            .answer = std::move(answer)};
}

cache_findings some_findings() {
    cache_findings f;
    f.prompts = 20, f.answered = 19;
    f.signs.push_back(
        row(cache_part::keys, damage_kind::attention, group_sign::roughness, 0.41, 0.35, 0.47, "yes"));
    f.signs.push_back(row(cache_part::keys, damage_kind::answer, group_sign::roughness, -0.2, -0.4, -0.1,
                          "no: weakly the reverse"));
    f.signs.push_back(
        row(cache_part::keys, damage_kind::attention, group_sign::noise_power, 0.6, 0.55, 0.65, "yes"));
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
    CHECK(said(c, "(values, 2 bits, groups of 32)? For the attention output: not to be said, rank correlation undefined"));
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
    CHECK(said(c, "After snapkv at 0.50 the stored keys score 0.750 in cache order and 0.650 in time order, 0.850 before"));
    CHECK(said(c, "The exact cache answers none of the prompts"));
}
