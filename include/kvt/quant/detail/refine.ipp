#pragma once

#include <kvt/quant/refine.hpp>
#include <kvt/tensor/float_blocks.hpp>

namespace kvt::inline KVT_ABI::quant::detail {

KVT_DECL std::optional<refined> refine_layer(
    tensor::view const& tensor, layer const& before, layer_rule const& rule,
    function_view<refined(grouped_values const&, std::span<value_range const>)> policy) {
    if (before.status != layer_status::quantized || before.ranges.size() < 2) return std::nullopt;
    auto const bounds = rule.cut.time_bounds(tensor.count());
    // A policy looks at all values many times over, so this is the one place that holds a whole decoded tensor.
    std::vector<float> decoded;
    std::span<float const> values;
    if (tensor::float_blocks{tensor}.in_place())
        values = {reinterpret_cast<float const*>(tensor.bytes.data()), tensor.count()};
    else values = decoded = tensor::to_floats(tensor);
    auto out = policy({values, bounds, rule.codes.grid.bits, rule.parameter_bytes}, before.ranges);
    if (out.ranges.size() != before.ranges.size())
        throw quant_error{fault::length_mismatch, tensor.name,
                          "a range policy answered " + std::to_string(out.ranges.size()) + " ranges",
                          std::to_string(before.ranges.size()) + ", one a group"};
    return out;
}

KVT_DECL std::int64_t note_phase(std::vector<layer>& after, std::vector<layer> const& before,
                                 std::vector<std::optional<refined>> const& found, std::string const& phase) {
    std::int64_t changed = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
        after[i].phases = before[i].phases;
        if (!found[i]) continue;
        auto const& f = *found[i];
        after[i].phases.push_back({phase, f.changed, f.improved, f.note, f.headline_before, f.headline_after,
                                   f.bounded_before, f.bounded_after, f.sweeps, f.markov_before, f.markov_after});
        changed += f.changed ? 1 : 0;
    }
    return changed;
}

KVT_DECL void refuse_group_size(grouping const& cut, std::string_view phase) {
    if (cut.group_size)
        throw error{error_kind::usage, std::string{phase},
                    "a group size of " + std::to_string(*cut.group_size) +
                        " gives codes their own parameters, which no range of a time group reaches",
                    "no group size together with smoothing or optimization"};
}

}  // namespace kvt::inline KVT_ABI::quant::detail
