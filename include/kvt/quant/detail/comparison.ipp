#pragma once

#include <kvt/exec/executor.hpp>
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
#include <kvt/tensor/float_blocks.hpp>

#include <algorithm>
#include <mutex>

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

/// The time of quantizing one tensor, with a policy or plainly.
KVT_DECL double seconds_of(run_context const& context, split_tensor const& tensor, named_policy const* policy,
                           asymmetric const& how, std::vector<std::uint8_t>& codes) {
    double const started = context.seconds();
    auto const view = tensor.fitted.view(how.bits, stored_parameter_bytes);
    auto ranges = min_max(view);
    if (policy != nullptr) ranges = policy->policy(view, ranges).ranges;
    codes.assign(packed_bytes(tensor.fitted.values.size(), how.bits), 0);
    code_in_full(tensor.fitted, ranges, how, codes);
    return context.seconds() - started;
}

KVT_DECL void stop_if_asked(run_context const& context, std::string const& what) {
    if (context.stop_requested()) throw error{error_kind::work, what, "stopped before every tensor was tried"};
}

[[noreturn]] KVT_DECL void refuse_all(tensor_stream const& tensors) {
    throw quant_error{fault::no_quantizable_tensors, tensors.what,
                      "none of " + std::to_string(tensors.count) +
                          " tensors can be cut into groups of two values or more that differ",
                      "fewer groups, or larger tensors"};
}

/// `f` for each tensor, by the context's executor where it has one.
template <class F> void each_tensor(run_context& context, std::string const& what, std::size_t n, F&& f) {
    auto progress = context.progress.begin("compare " + what, n, "tensors");
    std::mutex advancing;
    auto const one = [&](std::size_t i) {
        f(i);
        std::lock_guard const lock{advancing};
        progress.advance();
    };
    auto const stopped = [&] { return context.stop_requested(); };
    auto const* threads = context.find<exec::any_executor>();
    (void)(threads != nullptr ? threads->parallel_for(n, one, stopped)
                              : exec::inline_executor{}.parallel_for(n, one, stopped));
    stop_if_asked(context, what);
}

/// Every other value of each group, decoded block by block; only looked at where the tensor is too small to be cut.
KVT_DECL split_tensor halves_of(tensor::view const& t, std::int64_t groups, std::string const& file) {
    auto const n = t.count();
    bool const cut = n >= 2 * static_cast<std::size_t>(groups);
    auto const bounds = balanced_bounds(n, cut ? groups : 1);
    split_tensor out{.name = t.name};
    if (cut) out.fitted.values.reserve(n / 2 + bounds.size()), out.held_out.values.reserve(n / 2);
    value_scan seen;
    tensor::float_blocks blocks{t};
    out.fitted.bounds = out.held_out.bounds = {0};
    for (std::size_t g = 0; g + 1 < bounds.size(); ++g) {
        blocks.each(bounds[g], bounds[g + 1], [&](std::span<float const> values, std::size_t first) {
            seen += scan(values);
            for (std::size_t i = 0; cut && i < values.size(); ++i)
                ((first - bounds[g] + i) % 2 == 0 ? out.fitted : out.held_out).values.push_back(values[i]);
        });
        out.fitted.bounds.push_back(out.fitted.values.size());
        out.held_out.bounds.push_back(out.held_out.values.size());
    }
    seen.check(file + ", tensor " + t.name);
    return out;
}

}  // namespace detail

KVT_DECL split_tensor split_tensor::of(std::string name, grouped_values const& whole) {
    return {std::move(name), half_of(whole, half::even), half_of(whole, half::odd)};
}

KVT_DECL policy_trial try_on(split_tensor const& tensor, named_policy const& policy, std::int32_t bits) {
    asymmetric const how{bits};
    how.check();
    auto const view = tensor.fitted.view(bits, detail::stored_parameter_bytes);
    auto ranges = policy.policy(view, min_max(view)).ranges;
    auto const fitted = detail::errors_with(tensor.fitted, ranges, how),
               held_out = detail::errors_with(tensor.held_out, ranges, how);
    return {tensor.name, static_cast<std::int64_t>(tensor.fitted.values.size()), std::move(ranges), fitted, held_out};
}

KVT_DECL policy_result judge_trials(std::span<policy_trial const> trials, std::string policy, std::int32_t bits,
                                    double threshold) {
    std::vector<layer_ranges> sequences;
    detail::judged fitted, held_out;
    for (auto const& t : trials) {
        fitted.add(t.fitted);
        held_out.add(t.held_out);
        sequences.push_back({t.tensor, t.elements, t.ranges});
    }
    auto const found = smoothness_of(sequences, bits, threshold);
    auto const q = quality::of(fitted.sums);
    return {.policy = std::move(policy),
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

KVT_DECL policy_result try_policy(std::span<split_tensor const> tensors, named_policy const& policy, std::int32_t bits,
                                  double threshold) {
    std::vector<policy_trial> trials;
    for (auto const& t : tensors) trials.push_back(try_on(t, policy, bits));
    return judge_trials(trials, policy.label, bits, threshold);
}

KVT_DECL void policy_plan::check() const {
    for (auto const bits : widths) check_bits(bits);
    if (widths.empty() || policies.empty())
        throw error{error_kind::usage, "comparison", "nothing to compare", "one or more policies and widths"};
}

KVT_DECL std::vector<std::vector<policy_trial>> try_policies(run_context& context, tensor_stream const& tensors,
                                                             policy_plan const& plan) {
    plan.check();
    std::vector<std::vector<policy_trial>> out(tensors.count);
    detail::each_tensor(context, tensors.what, tensors.count, [&](std::size_t i) {
        auto const tensor = tensors.make(i);
        if (!tensor) return;
        for (auto const bits : plan.widths)
            for (auto const& policy : plan.policies) {
                detail::stop_if_asked(context, tensors.what);
                out[i].push_back(try_on(*tensor, policy, bits));
            }
    });
    if (std::ranges::all_of(out, &std::vector<policy_trial>::empty)) detail::refuse_all(tensors);
    return out;
}

KVT_DECL policy_overheads overheads_of(run_context& context, tensor_stream const& tensors, policy_plan const& plan,
                                       std::int64_t repetitions) {
    if (repetitions < 20)
        throw error{error_kind::usage, std::to_string(repetitions) + " repetitions", "too few for a time",
                    "20 or more"};
    plan.check();
    using turns = std::vector<double>;  // seconds
    std::vector<std::vector<turns>> seconds(
        plan.widths.size(), std::vector<turns>(plan.policies.size() + 1, turns(static_cast<std::size_t>(repetitions))));
    policy_overheads out;
    std::vector<std::uint8_t> codes;
    auto progress = context.progress.begin("time " + tensors.what, tensors.count, "tensors");
    for (std::size_t i = 0; i < tensors.count; ++i, progress.advance()) {
        auto const tensor = tensors.make(i);
        if (!tensor) continue;
        out.values += static_cast<std::int64_t>(tensor->fitted.values.size());
        for (std::size_t w = 0; w < plan.widths.size(); ++w)
            for (std::size_t r = 0; r < seconds[w][0].size(); ++r)
                for (std::size_t p = 0; p <= plan.policies.size(); ++p) {
                    detail::stop_if_asked(context, tensors.what);
                    seconds[w][p][r] += detail::seconds_of(context, *tensor, p == 0 ? nullptr : &plan.policies[p - 1],
                                                           asymmetric{plan.widths[w]}, codes);
                }
    }
    if (out.values == 0) detail::refuse_all(tensors);
    for (auto const& of_width : seconds) {
        double const plain = numeric::median(of_width[0]).value_or(0);
        auto& shares = out.shares.emplace_back();
        for (std::size_t p = 1; p < of_width.size(); ++p)
            shares.push_back((numeric::median(of_width[p]).value_or(0) - plain) / plain);
    }
    return out;
}

KVT_DECL model_halves::model_halves(model_source source, std::int64_t groups)
    : source_{std::move(source)}, groups_{groups} {
    check_time_groups(groups);
}

KVT_DECL std::optional<split_tensor> model_halves::operator()(std::size_t i) const {
    auto const& t = *source_.tensors()[i];
    source_.begin(t);
    auto out = detail::halves_of(t, groups_, source_.path());
    source_.end(t);
    if (out.fitted.values.empty() || std::ranges::any_of(min_max(out.fitted.view(8)), &value_range::degenerate))
        return std::nullopt;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
