#include <kvt/scaling/gemm_rate.hpp>

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("a rate is positive and finite") {
    kvt::exec::inline_executor const here{};
    double const rate = kvt::scaling::gemm_rate(here, 0.01);
    CHECK(std::isfinite(rate));
    CHECK(rate > 1e6);
}
