// encode: values to packed codes and back, at the speed of memory.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/quant/error_sums.hpp>
#include <kvt/quant/pack.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Writes the codes of finite `values`, which are those of one group: exactly `grid.encode(parameters, x)` of each, in
/// `packed_bytes`' order, beginning with code `first` of `codes`. Other codes stay as they are; so groups that share a
/// byte must be encoded one after the other. Throws `length_mismatch` where `codes` is too short.
void encode(std::span<float const> values, affine const& parameters, code_grid const& grid,
            std::span<std::uint8_t> codes, std::size_t first = 0, instruction_set set = best_instruction_set());
/// The same, and what `measure` says, from one pass over the values.
error_sums encode_and_measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                              std::span<std::uint8_t> codes, std::size_t first = 0,
                              instruction_set set = best_instruction_set());

/// Reconstructs as many values as `out` has, beginning with code `first`, with one rounding each: to binary64, which is what
/// errors are measured against, or further to binary32. Throws `length_mismatch`.
void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters, code_grid const& grid,
            std::span<double> out, instruction_set set = best_instruction_set());
void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters, code_grid const& grid,
            std::span<float> out, instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/encode.ipp>
#endif
