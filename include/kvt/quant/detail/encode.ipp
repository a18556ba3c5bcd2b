#pragma once

#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/encode.hpp>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

template <class Real>
void decode_all(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters, code_grid const& grid,
                std::span<Real> out,
                void (*kernel_set::*kernel)(std::uint8_t const*, std::size_t, coding_rule const&, Real*),
                instruction_set set) {
    check_usable(set);
    check_room(codes.size(), first, out.size(), grid.bits);
    auto const& kernels = kernels_for(set);
    auto const rule = coding_rule::of(parameters, grid);
    each_unpacked(codes, grid.bits, first, out.size(), kernels,
                  [&](std::uint8_t const* one_a_byte, std::size_t at, std::size_t n) {
                      (kernels.*kernel)(one_a_byte, n, rule, out.data() + at);
                  });
}

}  // namespace detail

KVT_DECL void encode(std::span<float const> values, affine const& parameters, code_grid const& grid,
                     std::span<std::uint8_t> codes, std::size_t first, instruction_set set) {
    (void)detail::pass(pass_output::codes, values, parameters, grid, codes, first, set);
}

KVT_DECL error_sums encode_and_measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                                       std::span<std::uint8_t> codes, std::size_t first, instruction_set set) {
    return detail::pass(pass_output::both, values, parameters, grid, codes, first, set);
}

KVT_DECL void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters,
                     code_grid const& grid, std::span<double> out, instruction_set set) {
    detail::decode_all(codes, first, parameters, grid, out, &detail::kernel_set::decode_wide, set);
}
KVT_DECL void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters,
                     code_grid const& grid, std::span<float> out, instruction_set set) {
    detail::decode_all(codes, first, parameters, grid, out, &detail::kernel_set::decode_narrow, set);
}

}  // namespace kvt::inline KVT_ABI::quant
