// The laws of kvt::quant::quantizer: every model of the concept passes them.
#pragma once

#include <kvt/quant/encode.hpp>
#include <kvt/quant/measure.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/value_scan.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace laws {

/// `values` are finite and not none.
template <kvt::quant::quantizer Q> void quantizer(Q const& q, std::vector<float> const& values) {
    using namespace kvt::quant;
    q.check();
    auto const grid = q.grid();
    REQUIRE(grid.bits == q.bits);
    REQUIRE(grid.high - grid.low == top_code(q.bits));
    auto const range = scan(values).range();
    affine const p = q.parameters(range);
    REQUIRE(std::isfinite(p.scale));
    REQUIRE(p.scale >= 0);
    REQUIRE(std::isfinite(p.offset));
    std::vector<std::uint8_t> codes(packed_bytes(values.size(), q.bits));
    auto const sums = encode_and_measure(values, p, grid, codes);
    std::vector<double> rebuilt(values.size());
    decode(codes, 0, p, grid, rebuilt);
    double worst = 0, noise = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        double const off = std::abs(values[i] - rebuilt[i]);
        worst = std::max(worst, off), noise += off * off;
        // half a step, and the rounding of the range's ends
        REQUIRE(off <= p.scale / 2 + 1e-12 * (std::abs(range.lo) + std::abs(range.hi)));
    }
    REQUIRE(sums.count == static_cast<std::int64_t>(values.size()));
    REQUIRE(sums.worst == worst);
    REQUIRE(sums.noise == doctest::Approx(noise).epsilon(1e-12));
    REQUIRE(sums.clipped == 0);
    // reconstruction is idempotent: what was rebuilt has the same codes
    for (std::size_t i = 0; i < values.size(); ++i) REQUIRE(grid.encode(p, rebuilt[i]) == grid.encode(p, values[i]));
    // order is kept
    for (std::size_t i = 1; i < values.size(); ++i)
        if (values[i - 1] <= values[i]) REQUIRE(rebuilt[i - 1] <= rebuilt[i]);
}

}  // namespace laws
