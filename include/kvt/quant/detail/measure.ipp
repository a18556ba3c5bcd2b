#pragma once

#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/measure.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL error_sums measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                            instruction_set set) {
    return detail::pass(detail::wanted::errors, values, parameters, grid, {}, 0, set);
}

KVT_DECL error_sums measure_codes(std::span<float const> values, std::span<std::uint8_t const> codes, std::size_t first,
                                  affine const& parameters, code_grid const& grid, instruction_set set) {
    check_usable(set);
    detail::check_room(codes.size(), first, values.size(), grid.bits);
    auto const& kernels = detail::kernels_for(set);
    auto const rule = detail::coding_rule::of(parameters, grid);
    alignas(64) std::array<std::uint8_t, detail::code_block> buffer;
    error_sums total;
    for (std::size_t piece = 0; piece < values.size(); piece += sum_piece) {
        error_lanes lanes;
        auto const end = std::min(values.size(), piece + sum_piece);
        for (std::size_t at = piece; at < end; at += detail::code_block) {
            auto const n = std::min(detail::code_block, end - at);
            for (std::size_t i = 0; i < n; ++i) buffer[i] = detail::code_at(codes, grid.bits, first + at + i);
            kernels.measure(values.data() + at, buffer.data(), n, rule, lanes);
        }
        total += lanes.sums();
    }
    return total;
}

}  // namespace kvt::inline KVT_ABI::quant
