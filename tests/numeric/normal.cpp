#include <doctest/doctest.h>
#include <kvt/numeric/normal.hpp>

using namespace kvt::numeric;

TEST_CASE("quantiles of the standard normal, as tables print them") {
    CHECK(normal_quantile(0.5) == doctest::Approx(0).epsilon(1e-12));
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-12));
    CHECK(normal_quantile(0.995) == doctest::Approx(2.575829303548901).epsilon(1e-12));
    CHECK(normal_cdf(1) == doctest::Approx(0.8413447460685429).epsilon(1e-12));
}

TEST_CASE("the quantile inverts the distribution, and is odd about one half") {
    for (double p = 0.001; p < 1; p += 0.037) {
        CHECK(normal_cdf(normal_quantile(p)) == doctest::Approx(p).epsilon(1e-12));
        CHECK(normal_quantile(1 - p) == doctest::Approx(-normal_quantile(p)).epsilon(1e-9));
    }
}
