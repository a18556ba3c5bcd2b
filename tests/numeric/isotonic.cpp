#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/isotonic.hpp>

#include <algorithm>
#include <cmath>

using kvt::numeric::isotonic_fit;

TEST_CASE("rising values are their own fit, falling ones are pooled") {
    std::vector<double> const w(3, 1.0);
    CHECK(isotonic_fit(std::vector{0.1, 0.2, 0.2}, w) == std::vector{0.1, 0.2, 0.2});
    CHECK(isotonic_fit(std::vector{3.0, 2.0, 1.0}, w) == std::vector{2.0, 2.0, 2.0});
    CHECK(isotonic_fit(std::vector{1.0, 0.0}, std::vector{3.0, 1.0}) == std::vector{0.75, 0.75});
    CHECK(isotonic_fit({}, {}).empty());
}

TEST_CASE("the fit rises, keeps the weighted mean, and no other rising sequence is closer") {
    kvt::random_stream stream{5, "isotonic"};
    for (int round = 0; round < 100; ++round) {
        std::size_t const n = 2 + stream.below(8);
        std::vector<double> y(n), w(n);
        for (auto& v : y) v = stream.unit();
        for (auto& v : w) v = 0.1 + stream.unit();
        auto const fit = isotonic_fit(y, w);
        CHECK(std::ranges::is_sorted(fit));
        auto const distance = [&](std::vector<double> const& f) {
            double total = 0;
            for (std::size_t i = 0; i < n; ++i) total += w[i] * (y[i] - f[i]) * (y[i] - f[i]);
            return total;
        };
        double total_y = 0, total_fit = 0;
        for (std::size_t i = 0; i < n; ++i) total_y += w[i] * y[i], total_fit += w[i] * fit[i];
        CHECK(total_y == doctest::Approx(total_fit));
        for (int tries = 0; tries < 30; ++tries) {
            auto other = fit;
            for (auto& v : other) v += (stream.unit() - 0.5) * 0.1;
            std::ranges::sort(other);
            CHECK(distance(fit) <= distance(other) + 1e-12);
        }
    }
}

TEST_CASE("weights that are not positive, or not one a value, are refused") {
    CHECK_THROWS_AS((void)isotonic_fit(std::vector{1.0}, std::vector{0.0}), kvt::error);
    CHECK_THROWS_AS((void)isotonic_fit(std::vector{1.0}, std::vector<double>{}), kvt::error);
    CHECK_THROWS_AS((void)isotonic_fit(std::vector{1.0}, std::vector{std::nan("")}), kvt::error);
}
