#pragma once

#include <kvt/core/progress.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/quant/comparison.hpp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/measure.hpp>
#include <kvt/quant/model_smoothness.hpp>
#include <kvt/quant/pack.hpp>
#include <kvt/quant/quality.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/time_groups.hpp>
#include <kvt/quant/value_scan.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline constexpr std::int32_t stored_parameter_bytes = 4;  // as a packed model stores them unless it is told otherwise

/// Errors of all groups with the parameters of these ranges as they are stored.
KVT_DECL error_sums errors_with(stored_groups const& tensor, std::span<value_range const> ranges,
                                asymmetric const& how) {
    error_sums out;
    auto const view = tensor.view(how.bits, stored_parameter_bytes);
    for (std::size_t g = 0; g < ranges.size(); ++g)
        out += measure(view.group(g), view.parameters(ranges[g]), how.grid());
    return out;
}
/// Quantizes all groups in full, codes and errors, for its time alone.
KVT_DECL void code_in_full(stored_groups const& tensor, std::span<value_range const> ranges, asymmetric const& how,
                           std::span<std::uint8_t> codes) {
    auto const view = tensor.view(how.bits, stored_parameter_bytes);
    for (std::size_t g = 0; g < ranges.size(); ++g)
        (void)encode_and_measure(view.group(g), view.parameters(ranges[g]), how.grid(), codes, tensor.bounds[g]);
}

/// Sums and cosines of several tensors.
struct judged {
    error_sums sums;
    std::vector<double> cosines;
    std::vector<std::int64_t> elements;

    void add(error_sums const& s) {
        sums += s;
        cosines.push_back(quality::of(s).cosine);
        elements.push_back(s.count);
    }
    [[nodiscard]] double cosine() const { return model_cosine::of(cosines, elements).mean; }
};

KVT_DECL double seconds_of(std::span<split_tensor const> tensors, named_policy const* policy, asymmetric const& how,
                           std::vector<std::uint8_t>& codes) {
    double const started = monotonic_seconds();
    for (auto const& t : tensors) {
        auto const view = t.fitted.view(how.bits, stored_parameter_bytes);
        auto ranges = min_max(view);
        if (policy != nullptr) ranges = policy->policy(view, ranges).ranges;
        codes.assign(packed_bytes(t.fitted.values.size(), how.bits), 0);
        code_in_full(t.fitted, ranges, how, codes);
    }
    return monotonic_seconds() - started;
}

}  // namespace detail

KVT_DECL split_tensor split_tensor::of(std::string name, grouped_values const& whole) {
    return {std::move(name), half_of(whole, half::even), half_of(whole, half::odd)};
}

KVT_DECL policy_result try_policy(std::span<split_tensor const> tensors, named_policy const& policy, std::int32_t bits,
                                  double threshold) {
    asymmetric const how{bits};
    how.check();
    std::vector<layer_ranges> sequences;
    detail::judged fitted, held_out;
    for (auto const& t : tensors) {
        auto const view = t.fitted.view(bits, detail::stored_parameter_bytes);
        auto ranges = policy.policy(view, min_max(view)).ranges;
        fitted.add(detail::errors_with(t.fitted, ranges, how));
        held_out.add(detail::errors_with(t.held_out, ranges, how));
        sequences.push_back({t.name, static_cast<std::int64_t>(t.fitted.values.size()), std::move(ranges)});
    }
    auto const found = smoothness_of(sequences, bits, threshold);
    auto const q = quality::of(fitted.sums);
    return {.policy = policy.label,
            .bits = bits,
            .smoothness_score = found.headline.score,
            .smoothness_score_bounded = found.bounded.score,
            .violation_count = static_cast<std::int64_t>(found.headline.violations.size()),
            .mse = q.mse,
            .cosine = fitted.cosine(),
            .sqnr_db = q.sqnr_db,
            .held_out_cosine = held_out.cosine(),
            .held_out_sqnr_db = quality::of(held_out.sums).sqnr_db,
            .held_out_mse = quality::of(held_out.sums).mse};
}

KVT_DECL std::vector<double> overheads_of(std::span<split_tensor const> tensors, std::span<named_policy const> policies,
                                          std::int32_t bits, std::int64_t repetitions) {
    if (repetitions < 20)
        throw error{error_kind::usage, std::to_string(repetitions) + " repetitions", "too few for a time",
                    "20 or more"};
    asymmetric const how{bits};
    how.check();
    std::vector<std::uint8_t> codes;
    std::vector<std::vector<double>> seconds(policies.size() + 1);
    for (std::int64_t r = 0; r < repetitions; ++r) {
        seconds[0].push_back(detail::seconds_of(tensors, nullptr, how, codes));
        for (std::size_t p = 0; p < policies.size(); ++p)
            seconds[p + 1].push_back(detail::seconds_of(tensors, &policies[p], how, codes));
    }
    double const plain = numeric::median(seconds[0]).value_or(0);
    std::vector<double> out;
    for (std::size_t p = 0; p < policies.size(); ++p)
        out.push_back((numeric::median(seconds[p + 1]).value_or(0) - plain) / plain);
    return out;
}

KVT_DECL std::vector<split_tensor> split_model(model_source const& source, std::int64_t groups) {
    std::vector<split_tensor> out;
    for (auto const* t : source.tensors()) {
        source.begin(*t);
        auto const values = tensor::to_floats(*t);
        source.end(*t);
        scan(values).check(source.path() + ", tensor " + t->name);
        if (static_cast<std::int64_t>(values.size()) < 2 * groups) continue;
        auto const bounds = balanced_bounds(values.size(), groups);
        auto tensor = split_tensor::of(t->name, {values, bounds, 8});
        auto const ranges = min_max(tensor.fitted.view(8));
        if (std::ranges::none_of(ranges, &value_range::degenerate)) out.push_back(std::move(tensor));
    }
    if (out.empty())
        throw quant_error{fault::no_quantizable_tensors, source.path(),
                          "no tensor can be cut into " + std::to_string(groups) + " groups",
                          "tensors of at least twice as many elements that are not constant"};
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
