// group_error: what reconstruction from codes does to a group of values, for one range or many in one pass.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/quant/affine.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// `squares` is the sum of the squared errors; `mean` and `variance` (the population's) are the reconstruction's.
struct group_error {
    double count = 0, squares = 0, mean = 0, variance = 0;

    [[nodiscard]] double mse() const { return count > 0 ? squares / count : 0; }
};
KVT_RECORD(group_error, count, squares, mean, variance);

/// One entry for each candidate's parameters, with unsigned codes. The values pass through memory once whatever the
/// number of candidates. `squares` is, to the bit, the `noise` that `measure` (quant/measure.hpp) finds with the same
/// parameters: coded and measured by the same rules, in the same pieces and lanes, on every instruction set. The result
/// is NaN where a value is.
[[nodiscard]] std::vector<group_error> errors_of(std::span<float const> values, std::span<affine const> parameters,
                                                 std::int32_t bits, instruction_set set = best_instruction_set());
/// The same of ranges, whose parameters are not rounded.
[[nodiscard]] std::vector<group_error> errors_of(std::span<float const> values, std::span<value_range const> ranges,
                                                 std::int32_t bits, instruction_set set = best_instruction_set());
[[nodiscard]] inline group_error error_of(std::span<float const> values, value_range range, std::int32_t bits) {
    return errors_of(values, {&range, 1}, bits).front();
}
/// The same for points that stand for several values each: `weights` says how many, and both are equally long. A point
/// within rounding of the middle between two codes may count with the other one than `affine::encode` takes, whose error is
/// the same but for rounding.
[[nodiscard]] std::vector<group_error> errors_of(std::span<double const> points, std::span<double const> weights,
                                                 std::span<value_range const> ranges, std::int32_t bits,
                                                 instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/group_error.ipp>
#endif
