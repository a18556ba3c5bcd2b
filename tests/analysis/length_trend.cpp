#include <doctest/doctest.h>
#include <kvt/analysis/length_trend.hpp>

#include <cmath>

using namespace kvt::analysis;

namespace {
// Right up to 1000 tokens, wrong beyond; given from the longest to the shortest.
std::vector<item> step() {
    std::vector<item> items;
    for (std::int64_t i = 20; i > 0; --i) items.push_back({i, 100 * i, i <= 10 ? 1.0 : 0.0});
    return items;
}
}  // namespace

TEST_CASE("the changepoint is told in tokens, whatever the order of items") {
    auto const found = find_length_changepoint(step(), 3, 199, kvt::random_stream{1, "perm|x"});
    REQUIRE(found);
    CHECK(found->length_before == 1000);
    CHECK(found->length_after == 1100);
    CHECK(found->p_value == 1.0 / 200);
    CHECK_FALSE(find_length_changepoint({}, 3, 9, kvt::random_stream{1, "x"}));
}

TEST_CASE("the hinge gives the loss for every doubling") {
    std::vector<item> items;
    for (std::int64_t length = 128; length <= 16384; length *= 2)
        items.push_back(
            {length, length, length <= 1024 ? 0.9 : 0.9 - 0.2 * std::log2(static_cast<double>(length) / 1024)});
    auto const fit = find_length_hinge(items);
    REQUIRE(fit);
    CHECK(fit->detected);
    CHECK(fit->tau_tokens == 1024);
    CHECK(fit->slope_per_doubling == doctest::Approx(0.2));
    CHECK(fit->level == doctest::Approx(0.9));
}

TEST_CASE("nothing to fit") {
    CHECK_FALSE(find_length_hinge({}));
    CHECK_FALSE(find_length_hinge(std::vector<item>{{0, 100, 1.0}})->detected);
    CHECK_THROWS_AS((void)find_length_hinge(std::vector<item>{{0, 0, 1.0}}), kvt::error);
}
