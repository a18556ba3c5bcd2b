// optimize: phase 3 as a stage.
#pragma once

#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/refine.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Trades error against smooth transitions in every tensor and measures the model again (codes must follow both
/// ends of a range, as those of `asymmetric` do); what it was before stays in
/// `phases`.
template <class P = coordinate_descent> struct optimize {
    static_assert(detail::said_policy<P>());

    using stage_concept = stage_tag;
    static constexpr std::string_view name = "optimize";
    P policy{};

    constexpr explicit optimize(P p = {}) : policy{p} {}

    [[nodiscard]] validated_model<asymmetric> operator()(run_context& context, validated_model<asymmetric> in) const {
        return detail::refine(context, std::move(in), policy, "optimize (" + std::string{P::name} + ")");
    }
    template <quantizer Q> auto operator()(run_context&, validated_model<Q> in) const {
        constexpr bool has_two_ends = std::same_as<Q, asymmetric>;
        static_assert(has_two_ends,
                      "kvt: optimize moves both ends of a range, and these codes follow one: quantize with "
                      "quant::asymmetric, or leave optimize out");
        return in;
    }
};

}  // namespace kvt::inline KVT_ABI::quant
