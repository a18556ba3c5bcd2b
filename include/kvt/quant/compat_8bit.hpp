// compat_8bit: the reference's 8-bit parameters and codes, so that numbers can be compared with it; no default uses them.
#pragma once

#include <kvt/quant/affine.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// `scale = width / 255`, or 1e-6 without width; `zero_point = -lo / scale`.
struct pair_8bit {
    double scale = 0, zero_point = 0;
    [[nodiscard]] static pair_8bit over(value_range r) {
        double const scale = r.width() > 0 ? r.width() / 255 : 1e-6;
        return {scale, -r.lo / scale};
    }
};
KVT_RECORD(pair_8bit, scale, zero_point);

/// Parameters of groups of timesteps whatever the bit width, and the one pair for everything that the reference's older
/// storage derives from them. `group_size_hint` influences nothing.
struct parameters_8bit {
    std::vector<std::size_t> bounds;
    std::vector<pair_8bit> groups;
    std::vector<std::int64_t> group_size_hint;
    pair_8bit all;
};
KVT_RECORD(parameters_8bit, bounds, groups, group_size_hint, all);

/// From the least and greatest value at each timestep. Throws `length_mismatch`, `empty_input`, `invalid_time_groups`.
[[nodiscard]] parameters_8bit compat_parameters(std::span<double const> least, std::span<double const> greatest,
                                                std::int64_t time_groups);

/// `clamp(round(x / scale + zero_point), 0, 255)`, halves away from zero. Throws `invalid_scale` (not above 0, or not
/// finite), `invalid_zero_point`, `empty_input`, `non_finite_input`.
[[nodiscard]] std::vector<std::uint8_t> compat_encode(std::span<double const> values, pair_8bit pair);
/// `(code - zero_point) * scale`.
[[nodiscard]] inline double compat_decode(std::uint8_t code, pair_8bit pair) {
    return (code - pair.zero_point) * pair.scale;
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/compat_8bit.ipp>
#endif
