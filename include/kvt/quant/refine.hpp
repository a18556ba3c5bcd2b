// refine: what phases 2 and 3 have in common: a range policy put to every tensor of a model, measured before and after.
#pragma once

#include <kvt/quant/range_policy.hpp>
#include <kvt/quant/validate.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant::detail {

/// Says in one sentence what keeps a type from being a range policy.
template <class P> consteval bool said_policy() {
    constexpr bool called = named<P>, written = record<P>;
    if constexpr (!called)
        static_assert(called, "kvt: not a range policy: it has no `static constexpr std::string_view name`");
    else if constexpr (!written)
        static_assert(written, "kvt: not a range policy: add KVT_RECORD or KVT_EMPTY_RECORD below it");
    else
        static_assert(range_policy<P>,
                      "kvt: not a range policy: it needs `void check() const`, and a const call that makes a "
                      "quant::refined of (grouped_values const&, std::span<value_range const>)");
    return true;
}

/// What a policy makes of one tensor's values; null where the tensor keeps its ranges (too few groups, or one without
/// width). Throws `length_mismatch` where the policy does not answer one range a group.
[[nodiscard]] std::optional<refined> refine_layer(
    tensor::view const& values, layer const& before, layer_rule const& rule,
    function_view<refined(grouped_values const&, std::span<value_range const>)> policy);

/// Carries over what earlier phases did and adds this one; answers how many tensors it changed.
[[nodiscard]] std::int64_t note_phase(std::vector<layer>& after, std::vector<layer> const& before,
                                      std::vector<std::optional<refined>> const& found, std::string const& phase);

/// Throws `error{usage}` where codes have parameters of their own within a time group: nothing would reach them.
void refuse_group_size(grouping const& cut, std::string_view phase);

/// A model's tensors again, with the ranges that `policy` gives them.
template <range_policy P>
[[nodiscard]] validated_model<asymmetric> refine(run_context& context, validated_model<asymmetric> in, P const& policy,
                                                 std::string const& phase) {
    policy.check();
    refuse_group_size(in.model.cut, phase);
    auto& model = in.model;
    auto const& tensors = model.source.tensors();
    auto const rule = model.rule();
    std::vector<std::optional<refined>> found(tensors.size());
    auto const ranges = [&](std::size_t i) {
        found[i] = refine_layer(*tensors[i], model.layers[i], rule, policy);
        return found[i] ? found[i]->ranges : model.layers[i].ranges;
    };
    auto after = quantize_layers(context, model.source, rule, ranges);
    auto const changed = note_phase(after, model.layers, found, phase);
    model.layers = std::move(after);
    in.found = smoothness_of_layers(model.layers, model.codes.bits, in.threshold);
    in.phases.push_back(phase_of(phase, model.layers, in.found));
    in.phases.back().layers_changed = changed;
    return in;
}

}  // namespace kvt::inline KVT_ABI::quant::detail

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/refine.ipp>
#endif
