// Definitions of quant/group_evaluator.hpp.
#pragma once

#include <kvt/quant/group_evaluator.hpp>

#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline std::vector<group_error> finite(std::vector<group_error> errors, std::size_t group) {
    for (auto const& e : errors)
        if (!std::isfinite(e.squares))
            throw quant_error{fault::non_finite_input, "group " + std::to_string(group),
                              "the error of its values is not finite", "finite values"};
    return errors;
}

}  // namespace detail

KVT_DECL void evaluation_options::check() const {
    if (bins < 0 || bins > (1 << 20))
        throw quant_error{fault::invalid_group_size, "histogram bins", std::to_string(bins), "0 to 1048576"};
    if (sample < 0)
        throw quant_error{fault::invalid_group_size, "histogram sample", std::to_string(sample), "0 or more"};
}

KVT_DECL group_evaluator::group_evaluator(grouped_values const& tensor, evaluation_options const& options)
    : tensor_{tensor} {
    options.check();
    if (options.how == evaluation::exact) return;
    auto const bins =
        options.bins == 0 ? group_histogram::bins_for(tensor.bits) : static_cast<std::int32_t>(options.bins);
    for (std::size_t g = 0; g < tensor.groups(); ++g)
        histograms_.emplace_back(tensor.group(g), bins, static_cast<std::size_t>(options.sample));
}

KVT_DECL std::vector<group_error> group_evaluator::errors(std::size_t group,
                                                          std::span<value_range const> ranges) const {
    if (histograms_.empty()) return exact(group, ranges);
    return detail::finite(histograms_[group].errors(ranges, tensor_.bits), group);
}

KVT_DECL std::vector<group_error> group_evaluator::exact(std::size_t group, std::span<value_range const> ranges) const {
    std::vector<affine> stored;
    for (auto const r : ranges) stored.push_back(tensor_.parameters(r));
    return detail::finite(errors_of(tensor_.group(group), stored, tensor_.bits), group);
}

KVT_DECL gaussian group_evaluator::original(std::size_t group) const {
    return histograms_.empty() ? gaussian_of(tensor_.group(group)) : histograms_[group].moments();
}

}  // namespace kvt::inline KVT_ABI::quant
