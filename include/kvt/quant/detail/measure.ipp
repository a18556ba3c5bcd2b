#pragma once

#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/measure.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL error_sums measure(std::span<float const> values, affine const& parameters, code_grid const& grid,
                            instruction_set set) {
    return detail::pass(pass_output::errors, values, parameters, grid, {}, 0, set);
}

KVT_DECL error_sums measure_codes(std::span<float const> values, std::span<std::uint8_t const> codes, std::size_t first,
                                  affine const& parameters, code_grid const& grid, instruction_set set) {
    check_usable(set);
    detail::check_room(codes.size(), first, values.size(), grid.bits);
    detail::kept_meter meter{parameters, grid, codes, first, set};
    meter.feed(values);
    return meter.finish();
}

}  // namespace kvt::inline KVT_ABI::quant
