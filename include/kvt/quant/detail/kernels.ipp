// The kernels of the processor at hand.
#pragma once

#include <kvt/quant/detail/kernel_parts.ipp>

namespace kvt::inline KVT_ABI::quant::detail {

[[nodiscard]] inline kernel_set const& kernels_for(instruction_set) {
    static constexpr kernel_set plain{&portable::scan, &portable::code, &portable::pack, &portable::measure};
    return plain;
}

}  // namespace kvt::inline KVT_ABI::quant::detail
