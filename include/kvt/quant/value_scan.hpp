// value_scan: the range of many numbers, and how many of them are none.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/quant/affine.hpp>

#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What a pass over values saw; least and greatest are of the finite ones (above each other where there was none).
struct value_scan {
    float least = std::numeric_limits<float>::infinity(), greatest = -std::numeric_limits<float>::infinity();
    std::int64_t count = 0, nan = 0, infinite = 0;

    value_scan& operator+=(value_scan const& other);
    [[nodiscard]] value_range range() const { return {static_cast<double>(least), static_cast<double>(greatest)}; }
    /// Throws `non_finite_input` with the counts, or `empty_input`, naming `where`.
    void check(std::string_view where) const;
};
KVT_RECORD(value_scan, least, greatest, count, nan, infinite);

/// One pass; the same on every instruction set, and for any way of cutting the values into pieces.
[[nodiscard]] value_scan scan(std::span<float const> values, instruction_set set = best_instruction_set());
/// The place of the first value that is not finite; that behind the last one where all are.
[[nodiscard]] std::size_t first_not_finite(std::span<float const> values);
/// The range of every column of finite values that lie row after row, `columns` in each: as `scan` would find it.
[[nodiscard]] std::vector<value_range> column_ranges(std::span<float const> rows, std::size_t columns);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/value_scan.ipp>
#endif
