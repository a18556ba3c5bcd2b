// suggest_widths: a stage that says which width each tensor's entropy suggests, a heuristic that decides nothing.
#pragma once

#include <kvt/quant/validate.hpp>

namespace kvt::inline KVT_ABI::quant {

namespace detail {
void weigh_entropies(run_context& context, model_source const& source, std::vector<layer>& layers);
}  // namespace detail

/// Reads every tensor once more for the normalized entropy of its values (quant/entropy.hpp), which the report then
/// holds. What comes in goes on; the same for any number of threads.
struct suggest_widths {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "suggest_widths";

    template <quantizer Q>
    [[nodiscard]] validated_model<Q> operator()(run_context& context, validated_model<Q> in) const {
        detail::weigh_entropies(context, in.model.source, in.model.layers);
        return in;
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/suggest_widths.ipp>
#endif
