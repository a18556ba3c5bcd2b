// optimize: phase 3 as a stage.
#pragma once

#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/refine.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Trades error against smooth transitions in every tensor and measures the model again (codes must follow both ends of a range, as those of `asymmetric` do); what it was before stays in
/// `phases`.
template <range_policy P = coordinate_descent> struct optimize {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "optimize";
    P policy{};

    constexpr explicit optimize(P p = {}) : policy{p} {}

    [[nodiscard]] validated_model<asymmetric> operator()(run_context& context, validated_model<asymmetric> in) const {
        return detail::refine(context, std::move(in), policy, "optimize (" + std::string{P::name} + ")");
    }
};

}  // namespace kvt::inline KVT_ABI::quant
