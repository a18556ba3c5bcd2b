// smooth: phase 2 as a stage.
#pragma once

#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/refine.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Smooths every tensor's ranges and measures the model again (codes must follow both ends of a range, as those of `asymmetric` do); what it was before stays in `phases`.
template <range_policy P = kernel_smoothing> struct smooth {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "smooth";
    P policy{};

    constexpr explicit smooth(P p = {}) : policy{p} {}

    [[nodiscard]] validated_model<asymmetric> operator()(run_context& context, validated_model<asymmetric> in) const {
        return detail::refine(context, std::move(in), policy, "smooth (" + std::string{P::name} + ")");
    }
};

}  // namespace kvt::inline KVT_ABI::quant
