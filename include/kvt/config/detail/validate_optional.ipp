#pragma once

#include <kvt/config/detail/validate.ipp>
#include <kvt/core/lenient_number.hpp>
#include <kvt/core/nearest_name.hpp>

#include <set>

namespace kvt::inline KVT_ABI::config {
namespace detail {

/// The smallest value of an optional number; `open`: the value itself is too small too.
struct bound {
    std::string_view key;
    double low;
    bool open;
    double high = std::numeric_limits<double>::infinity();
};
inline constexpr bound bounds[] = {{"dataset.max_prompt_tokens", 1, false},
                                   {"binning.max_token_len", 1, false},
                                   {"sampling.focus.focus_radius_bins", 0, false},
                                   {"sampling.focus.base_n_per_bin", 1, false},
                                   {"sampling.focus.focus_n_per_bin", 1, false},
                                   {"tokenizer.chat_overhead_per_message", 0, false},
                                   {"tokenizer.chat_overhead_reply", 0, false},
                                   {"model.max_model_len", 1, false},
                                   {"engine.request.timeout_s", 0, true},
                                   {"generation.max_tokens", 1, false},
                                   {"run.prompt_buffer", 0, false},
                                   {"run.filter_entry_idx", 0, false},
                                   {"run.concurrency", 1, false, 4096},
                                   {"analysis.drop_threshold", 0, false, 1},
                                   {"analysis.n_boot", 1, false, 10'000'000},
                                   {"report.cost_weight_prompt", 0, false},
                                   {"report.cost_weight_completion", 0, false}};

inline void check_bounds(json const& config, std::vector<issue>& out) {
    for (auto const& b : bounds) {
        auto const* value = value_at(config, b.key);
        if (value == nullptr || !value->is_number()) continue;
        double const v = value->real();
        auto const low = (b.open ? "more than " : "at least ") + dump(json{static_cast<std::int64_t>(b.low)});
        if (!(b.open ? v > b.low : v >= b.low))
            out.push_back({std::string{b.key}, issue_code::min, dump(*value) + " is too small", low, {}});
        else if (v > b.high || std::isinf(v))
            out.push_back(
                {std::string{b.key},
                 issue_code::range,
                 dump(*value) + " is too large",
                 std::isinf(b.high) ? "a finite number" : "at most " + dump(json{static_cast<std::int64_t>(b.high)}),
                 {}});
    }
    auto const* alpha = value_at(config, "analysis.alpha");
    if (alpha != nullptr && alpha->is_number() && !(alpha->real() > 0 && alpha->real() < 1))
        out.push_back(
            {"analysis.alpha", issue_code::range, dump(*alpha) + " is outside (0, 1)", "a number such as 0.05", {}});
}

inline void check_pins(json const& config, std::vector<issue>& out) {
    auto const* pins = value_at(config, "dataset.pinned_entry_indices");
    if (pins == nullptr || !pins->is_array()) return;
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < pins->size(); ++i) {
        auto const& pin = pins->items()[i];
        auto const at = "dataset.pinned_entry_indices[" + std::to_string(i) + "]";
        if (!pin.is_integer()) continue;
        if (pin.integer() < 0) out.push_back({at, issue_code::min, dump(pin) + " is no row", "at least 0", {}});
        else if (!seen.insert(pin.integer()).second)
            out.push_back({at, issue_code::duplicate, dump(pin) + " is given twice", "each row once", {}});
    }
}

inline void check_slices(json const& config, std::vector<issue>& out) {
    auto const* slices = value_at(config, "dataset.sanity_slices");
    if (slices == nullptr || !slices->is_array()) return;
    for (std::size_t i = 0; i < slices->size(); ++i) {
        auto const& slice = slices->items()[i];
        auto const at = "dataset.sanity_slices[" + std::to_string(i) + "]";
        auto const has = [&](std::string_view key) {
            return slice.find(key) != nullptr && !slice.find(key)->is_null();
        };
        if (!slice.is_object()) continue;
        if (!has("n")) out.push_back({at + ".n", issue_code::missing, "missing", "how many entries", {}});
        else if (slice.at("n").is_integer() && slice.at("n").integer() < 1)
            out.push_back({at + ".n", issue_code::min, dump(slice.at("n")) + " is too small", "at least 1", {}});
        if ((has("min_pct") || has("max_pct")) && (has("min_tokens") || has("max_tokens")))
            out.push_back({at, issue_code::value, "gives percentiles and token counts", "one of the two", {}});
    }
}

inline void check_focus(json const& config, std::vector<issue>& out) {
    auto const* strategy = value_at(config, "sampling.strategy");
    if (strategy == nullptr || *strategy != json{"focus_transition"}) return;
    for (std::string_view key :
         {"sampling.focus.focus_bins", "sampling.focus.base_n_per_bin", "sampling.focus.focus_n_per_bin"}) {
        auto const* value = value_at(config, key);
        if (value == nullptr || value->is_null())
            out.push_back({std::string{key},
                           issue_code::missing,
                           "missing",
                           "a value, because sampling.strategy is focus_transition",
                           {}});
        else if (value->is_array() && value->size() == 0)
            out.push_back({std::string{key}, issue_code::empty, "is empty", "the bins to look at", {}});
    }
}

inline void check_run(json const& config, std::vector<issue>& out) {
    auto const given = [&](std::string_view key) {
        auto const* value = value_at(config, key);
        return value != nullptr && !value->is_null();
    };
    bool const dataset = given("run.filter_dataset_id"), entry = given("run.filter_entry_idx");
    if (dataset != entry)
        out.push_back({dataset ? "run.filter_entry_idx" : "run.filter_dataset_id",
                       issue_code::missing,
                       "missing",
                       "both filters or neither",
                       {}});
    auto const* cap = value_at(config, "run.runtime_prompt_cap");
    bool const good = cap == nullptr || cap->is_null() || lenient_integer(*cap) || *cap == json{"computed"};
    if (!good)
        out.push_back({"run.runtime_prompt_cap",
                       issue_code::value,
                       "found " + shown(*cap),
                       "computed, null or a number of tokens",
                       {}});
}

inline void check_trees(json const& config, std::vector<issue>& out) {
    for (std::string_view key : {"dataset.recall", "dataset.constructed_lookup", "engine.headers",
                                 "engine.request.extra_body", "engine.mock", "engine.steps"}) {
        auto const* value = value_at(config, key);
        if (value != nullptr && !value->is_null() && !value->is_object())
            out.push_back(wrong_type(std::string{key}, *value, "a mapping"));
    }
    if (auto const* headers = value_at(config, "engine.headers"); headers != nullptr && headers->is_object())
        for (auto const& [name, value] : headers->members())
            if (!value.is_text()) out.push_back(wrong_type("engine.headers." + name, value, "text"));
    auto const* policies = value_at(config, "kv.policies");
    if (policies == nullptr || policies->is_null()) return;
    try {
        kv_settings kv;
        kv.policies = *policies;
        static_cast<void>(policies_of(kv));
    } catch (error const& problem) {
        out.push_back({problem.where(), issue_code::type, problem.problem(), problem.expected(), {}});
    }
}

inline issue advice(std::string key, std::string problem, std::string expected = {}) {
    return {std::move(key), issue_code::unknown, std::move(problem), std::move(expected), {}};
}

}  // namespace detail

KVT_DECL std::vector<issue> validate_optional(json const& config) {
    if (!config.is_object()) return {};
    auto out = std::move(detail::shape{config}.misfits);
    detail::check_bounds(config, out);
    detail::check_pins(config, out);
    detail::check_slices(config, out);
    detail::check_focus(config, out);
    detail::check_run(config, out);
    detail::check_trees(config, out);
    auto const* form = value_at(config, "prompt.template");
    if (form != nullptr && form->is_text() && form->text() != "qa" && form->text() != "raw")
        out.push_back({"prompt.template", issue_code::value, "unknown value " + detail::shown(*form), "qa or raw", {}});
    return out;
}

KVT_DECL std::vector<issue> advise(json const& config) {
    std::vector<issue> out;
    if (!config.is_object()) return out;
    std::vector<std::string_view> sections;
    for (auto const& f : fields_of<settings>())
        if (f.name != "rate_limit") sections.push_back(f.name);
    for (auto const& [name, value] : config.members()) {
        if (name.starts_with('_') || detail::listed(sections, name)) continue;
        auto const near = nearest_name(name, sections);
        if (name == "rate_limit")
            out.push_back(
                detail::advice(name, "is no section; its max_rpm is read last", "run.pacing.requests_per_minute"));
        else
            out.push_back(detail::advice(name, "unknown section, read by nothing" +
                                                   (near.empty() ? "" : " (did you mean " + near + "?)")));
    }
    for (auto key : detail::idle_keys)
        if (value_at(config, key) != nullptr) out.push_back(detail::advice(std::string{key}, "is read by nothing"));
    int pacing = 0;
    for (std::string_view key : {"run.pacing.requests_per_minute", "engine.rate_limit.max_rpm", "rate_limit.max_rpm"}) {
        auto const* value = value_at(config, key);
        if (value == nullptr || value->is_null()) continue;
        if (lenient_integer(*value).value_or(0) < 1)
            out.push_back(
                detail::advice(std::string{key}, detail::shown(*value) + " is passed over", "an integer above 0"));
        else if (++pacing == 2)
            out.push_back(detail::advice(std::string{key}, "is passed over, because another pacing key is set"));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::config
