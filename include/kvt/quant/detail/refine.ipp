#pragma once

#include <kvt/quant/refine.hpp>
#include <kvt/tensor/float_blocks.hpp>

namespace kvt::inline KVT_ABI::quant::detail {

KVT_DECL std::vector<value_range> refine_layer(
    tensor::view const& tensor, layer const& before, layer_rule const& rule,
    function_view<refined(grouped_values const&, std::span<value_range const>)> policy) {
    if (before.status != layer_status::quantized || before.ranges.size() < 2) return {};
    auto const bounds = rule.cut.time_bounds(tensor.count());
    // A policy looks at all values many times over, so this is the one place that holds a whole decoded tensor.
    std::vector<float> decoded;
    std::span<float const> values;
    if (tensor::float_blocks{tensor}.in_place())
        values = {reinterpret_cast<float const*>(tensor.bytes.data()), tensor.count()};
    else values = decoded = tensor::to_floats(tensor);
    return policy({values, bounds, rule.codes.grid.bits, rule.parameter_bytes}, before.ranges).ranges;
}

KVT_DECL void refuse_group_size(grouping const& cut, std::string_view phase) {
    if (cut.group_size)
        throw error{error_kind::usage, std::string{phase},
                    "a group size of " + std::to_string(*cut.group_size) +
                        " gives codes their own parameters, which no range of a time group reaches",
                    "no group size together with smoothing or optimization"};
}

}  // namespace kvt::inline KVT_ABI::quant::detail
