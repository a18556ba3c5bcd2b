#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/compat_8bit.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("the reference's codes agree with ours but for roundings") {
    kvt::random_stream stream{15, "compat"};
    for (int round = 0; round < 1000; ++round) {
        value_range const r{-stream.unit(), stream.unit() + 0.01};
        auto const pair = pair_8bit::over(r);
        auto const ours = affine::over(r, 8);
        CHECK(pair.scale == doctest::Approx(ours.scale));
        std::vector<double> const values{r.lo, r.lo + 0.3 * r.width(), r.hi};
        auto const codes = compat_encode(values, pair);
        for (std::size_t i = 0; i < values.size(); ++i) {
            CHECK(std::abs(codes[i] - ours.encode(values[i], 255)) <= 1);
            CHECK(std::abs(compat_decode(codes[i], pair) - values[i]) <= 0.51 * pair.scale);
        }
    }
}

TEST_CASE("one pair for all groups spans them") {
    auto const p = compat_parameters(std::vector<double>{-1, 0, 2, 2}, std::vector<double>{1, 1, 5, 2}, 2);
    CHECK(-p.all.zero_point * p.all.scale == doctest::Approx(-1));
    CHECK((255 - p.all.zero_point) * p.all.scale == doctest::Approx(5));
    CHECK(fault_of([] { (void)compat_parameters(std::vector<double>{1}, {}, 2); }) == "length_mismatch");
    CHECK(fault_of([] { (void)compat_parameters({}, {}, 2); }) == "empty_input");
    CHECK(fault_of([] { (void)compat_encode({}, {1, 0}); }) == "empty_input");
    CHECK(fault_of([] { (void)compat_encode(std::vector<double>{INFINITY}, {1, 0}); }) == "non_finite_input");
}
