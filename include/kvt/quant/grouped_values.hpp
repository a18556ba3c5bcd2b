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

    [[nodiscard]] std::size_t groups() const { return bounds.empty() ? 0 : bounds.size() - 1; }
    [[nodiscard]] std::span<float const> group(std::size_t g) const {
        return values.subspan(bounds[g], bounds[g + 1] - bounds[g]);
    }
    /// Throws `invalid_bit_width`; `empty_input` where there is no group or one is empty; `length_mismatch` where the
    /// bounds do not fit the values.
    void check() const;
};

/// Values and bounds that are one's own.
struct stored_groups {
    std::vector<float> values{};
    std::vector<std::size_t> bounds{};

    [[nodiscard]] grouped_values view(std::int32_t bits) const { return {values, bounds, bits}; }
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
