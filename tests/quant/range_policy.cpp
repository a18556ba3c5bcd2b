#include "laws/range_policy.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/range_policies.hpp>

namespace quant = kvt::quant;

TEST_CASE("every policy keeps the laws") {
    laws::check_range_policy(quant::min_max_ranges{});
    laws::check_range_policy(quant::sequential_smoothing{});
    laws::check_range_policy(quant::kernel_smoothing{});
    laws::check_range_policy(quant::kernel_smoothing{.guard = quant::smoothing_guard::none}, 200);
    laws::check_range_policy(quant::kernel_smoothing{.guard = quant::smoothing_guard::cover}, 200);
    laws::check_range_policy(quant::kernel_smoothing{.neighbours = quant::kernel_side::past}, 200);
    laws::check_range_policy(quant::range_search{});
    laws::check_range_policy(quant::coordinate_descent{}, 300);
    laws::check_range_policy(quant::coordinate_descent{.evaluate = quant::evaluation::exact}, 200);
}

TEST_CASE("settling compares with the start") {
    tensors::tensor const t{{0, 1, 0, 2}, {0, 2, 4}, 2};
    auto const start = quant::min_max(t.view());
    auto r = quant::start_from(t.view(), start);
    CHECK_FALSE(r.changed);
    quant::settle(r, {{0, 2}, {0, 2}}, 2);
    CHECK(r.changed);
    CHECK(r.improved);
    CHECK(r.bounded_after == 1);
    CHECK(r.bounded_before == 0.75);
}
