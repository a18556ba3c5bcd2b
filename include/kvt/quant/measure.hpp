// measure: the error of quantizing values, without materialising what they become.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/quant/error_sums.hpp>

#include <span>

namespace kvt::inline KVT_ABI::quant {

/// The error of quantizing one group, without keeping its codes.
[[nodiscard]] error_sums measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                                 instruction_set set = best_instruction_set());
/// The same from codes that were kept: those of `values` begin with code `first` of `codes`. `clipped` stays 0.
[[nodiscard]] error_sums measure_codes(std::span<float const> values, std::span<std::uint8_t const> codes,
                                       std::size_t first, affine const& parameters, code_grid const& grid,
                                       instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/measure.ipp>
#endif
