#pragma once

#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/encode.hpp>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

template <class Real>
void decode_all(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters, code_grid const& grid,
                std::span<Real> out) {
    check_room(codes.size(), first, out.size(), grid.bits);
    std::array<Real, 256> value{};  // of each code, as stored
    for (std::int32_t c = 0; c <= top_code(grid.bits); ++c)
        value[static_cast<std::size_t>(c)] =
            static_cast<Real>(parameters.decode(grid.read(static_cast<std::uint8_t>(c))));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[code_at(codes, grid.bits, first + i)];
}

}  // namespace detail

KVT_DECL void encode(std::span<float const> values, affine const& parameters, code_grid const& grid,
                     std::span<std::uint8_t> codes, std::size_t first, instruction_set set) {
    (void)detail::pass(detail::wanted::codes, values, parameters, grid, codes, first, set);
}

KVT_DECL error_sums encode_and_measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                                       std::span<std::uint8_t> codes, std::size_t first, instruction_set set) {
    return detail::pass(detail::wanted::both, values, parameters, grid, codes, first, set);
}

KVT_DECL void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters,
                     code_grid const& grid, std::span<double> out) {
    detail::decode_all(codes, first, parameters, grid, out);
}
KVT_DECL void decode(std::span<std::uint8_t const> codes, std::size_t first, affine const& parameters,
                     code_grid const& grid, std::span<float> out) {
    detail::decode_all(codes, first, parameters, grid, out);
}

}  // namespace kvt::inline KVT_ABI::quant
