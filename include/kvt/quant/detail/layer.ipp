#pragma once

#include <kvt/quant/layer.hpp>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// A tensor too small to be cut stays as it is; its values are looked at all the same.
KVT_DECL layer pass_through(tensor::view const& tensor) {
    auto const whole = balanced_bounds(tensor.count(), 1);
    scan_groups(tensor, whole).front().check(tensor.name);
    return {.name = tensor.name,
            .elements = static_cast<std::int64_t>(tensor.count()),
            .status = layer_status::passthrough,
            .stored = passed_payload(tensor.count())};
}

/// Over the ranges that are given: what the codes make of each time group.
KVT_DECL tensor_codes code_with(tensor::view const& tensor, layer_rule const& rule,
                                std::span<value_range const> ranges) {
    tensor_codes out;
    for (auto const& r : ranges)
        out.parameters.push_back(rule.codes.parameters(rule.codes.policy, r).stored(rule.parameter_bytes));
    out.errors = code_groups(tensor, rule.cut.time_bounds(tensor.count()), out.parameters, rule.codes.grid,
                             pass_output::errors, {});
    return out;
}

KVT_DECL layer cut_and_code(tensor::view const& tensor, layer_rule const& rule, std::span<value_range const> given) {
    layer out{.name = tensor.name, .elements = static_cast<std::int64_t>(tensor.count())};
    auto const& grid = rule.codes.grid;
    tensor_codes coded;
    out.ranges.assign(given.begin(), given.end());
    if (given.empty()) {
        quantize_tensor(tensor, rule.codes, rule.cut, rule.parameter_bytes, pass_output::errors, coded);
        for (auto const& seen : coded.time_groups) out.ranges.push_back(seen.range());
    } else {
        coded = code_with(tensor, rule, given);
    }
    for (auto& r : out.ranges) {
        auto const exact = rule.codes.parameters(rule.codes.policy, r);
        if (grid.low < 0) r = {exact.decode(grid.low), exact.decode(grid.high)};
        out.parameters.push_back(exact.stored(rule.parameter_bytes));
        if (exact.scale == 0) out.status = layer_status::degenerate;
    }
    out.errors = std::move(coded.errors);
    out.stored = quantized_payload(tensor.count(), coded.parameters.size(), grid.bits, rule.parameter_bytes);
    return out;
}

}  // namespace detail

KVT_DECL void layer_rule::check() const {
    cut.check();
    if (parameter_bytes != 4 && parameter_bytes != 8)
        throw error{error_kind::usage, "parameter bytes " + std::to_string(parameter_bytes), "not the size of a number",
                    "4 or 8"};
}

KVT_DECL layer quantize_layer(tensor::view const& tensor, layer_rule const& rule, std::string_view file,
                              std::span<value_range const> ranges) {
    try {
        if (static_cast<std::int64_t>(tensor.count()) < rule.cut.time_groups) return detail::pass_through(tensor);
        return detail::cut_and_code(tensor, rule, ranges);
    } catch (quant_error const& e) {
        throw e.in(std::string{file} + ", tensor");
    }
}

}  // namespace kvt::inline KVT_ABI::quant
