// Small tensors with groups for the tests of kvt/quant.
#pragma once

#include "quant/sequences.hpp"

#include <kvt/quant/grouped_values.hpp>
#include <kvt/quant/measure.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace tensors {

using sequences::refusal;

/// A tensor that owns what its view shows.
struct tensor {
    std::vector<float> values{};
    std::vector<std::size_t> bounds{};
    std::int32_t bits = 2;
    std::int32_t parameter_bytes = 8;

    [[nodiscard]] kvt::quant::grouped_values view() const { return {values, bounds, bits, parameter_bytes}; }
};

/// The mean squared error of one group with its parameters rounded as they are stored, by the coder itself.
inline double stored_mse(kvt::quant::grouped_values const& t, std::size_t g, kvt::quant::value_range r) {
    auto const p = kvt::quant::affine::over(r, t.bits).stored(t.parameter_bytes);
    auto const sums = kvt::quant::measure(t.group(g), p, kvt::quant::code_grid::unsigned_codes(t.bits));
    return sums.noise / static_cast<double>(sums.count);
}

/// Roughly normal: the sum of twelve uniform draws.
inline double bell(kvt::random_stream& stream) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += stream.unit();
    return sum;
}

/// Up to eight groups of up to `most` values, each group with its own mean and spread; now and then with an outlier.
inline tensor some_tensor(kvt::random_stream& stream, std::uint64_t most = 40) {
    tensor out{.bounds = {0}};
    out.bits = 2 << stream.below(3);
    double const wander = stream.unit(), unevenness = 2 * stream.unit();
    for (auto groups = 1 + stream.below(8); groups > 0; --groups) {
        double const mean = wander * (2 * stream.unit() - 1), spread = std::exp(unevenness * (stream.unit() - 0.5));
        for (auto n = 2 + stream.below(most - 1); n > 0; --n)
            out.values.push_back(static_cast<float>(mean + spread * bell(stream)));
        if (stream.below(8) == 0) out.values.back() *= 6;
        out.bounds.push_back(out.values.size());
    }
    return out;
}

/// Some tensor far from 0 with parameters of four bytes: an offset's rounding is then as large as the groups' errors.
inline tensor off_centre_tensor(kvt::random_stream& stream) {
    auto out = some_tensor(stream);
    double const mean = 8249 * (stream.below(2) == 0 ? 1 : -1), spread = std::exp(-3 - 3 * stream.unit());
    for (auto& v : out.values) v = static_cast<float>(mean + spread * v);
    out.parameter_bytes = 4;
    return out;
}

}  // namespace tensors
