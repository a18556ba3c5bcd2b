// grouped_values: one tensor, flat, cut into consecutive groups, and the width it is to be stored in.
#pragma once

#include <kvt/quant/affine.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Group g holds the values from `bounds[g]` up to, without, `bounds[g + 1]`.
struct grouped_values {
    std::span<float const> values{};
    std::span<std::size_t const> bounds{};
    std::int32_t bits = 2;
    std::int32_t parameter_bytes = 8;  ///< of a scale or an offset as it is stored: 2, 4 or 8

    [[nodiscard]] std::size_t groups() const { return bounds.empty() ? 0 : bounds.size() - 1; }
    [[nodiscard]] std::span<float const> group(std::size_t g) const {
        return values.subspan(bounds[g], bounds[g + 1] - bounds[g]);
    }
    /// What a range is stored as. In 4 bytes: rounded to the nearest binary32; in 2: as `stored_affine` has it, so that
    /// the codes still cover the range.
    [[nodiscard]] affine parameters(value_range r) const;
    /// Throws `invalid_bit_width`; `empty_input` where there is no group or one is empty; `length_mismatch` where the
    /// bounds do not fit the values; `error{usage}` for other bytes.
    void check() const;
};

/// Values and bounds that are one's own.
struct stored_groups {
    std::vector<float> values{};
    std::vector<std::size_t> bounds{};

    [[nodiscard]] grouped_values view(std::int32_t bits, std::int32_t parameter_bytes = 8) const {
        return {values, bounds, bits, parameter_bytes};
    }
};

/// The values at even or at odd places of each group, so that ranges can be chosen on one half and judged on the other.
/// A group of one value has it in both halves.
enum class half : std::uint8_t { even, odd };
[[nodiscard]] stored_groups half_of(grouped_values const& tensor, half which);

/// The least and the greatest value of each group; throws what `check` throws, and `non_finite_input` naming the first
/// value that is not finite.
[[nodiscard]] std::vector<value_range> min_max(grouped_values const& tensor);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/grouped_values.ipp>
#endif
