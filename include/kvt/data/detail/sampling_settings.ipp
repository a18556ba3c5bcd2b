#pragma once

#include <kvt/core/json_path.hpp>
#include <kvt/core/lenient_number.hpp>
#include <kvt/data/sampling_settings.hpp>

namespace kvt::inline KVT_ABI::data {

namespace detail {

/// The value at a dotted key, null where there is none.
KVT_DECL json const& setting(json const& settings, std::string_view dotted) {
    static json const absent;
    auto const* found = value_at(settings, dotted);
    return found == nullptr ? absent : *found;
}

[[noreturn]] KVT_DECL void refuse_setting(fault code, std::string_view key, json const& value,
                                          std::string_view expected) {
    throw data_error{code, std::string{key}, value.is_null() ? "missing" : "found " + dump(value),
                     std::string{expected}, error_kind::usage};
}

KVT_DECL std::optional<std::int64_t> cap_of(json const& settings, std::string_view key) {
    auto const& value = setting(settings, key);
    if (value.is_null()) return std::nullopt;
    auto const cap = lenient_integer(value);
    if (!cap || *cap < 1) refuse_setting(fault::bad_cap, key, value, "an integer above 0");
    return cap;
}

KVT_DECL std::int64_t positive(json const& value, fault code, std::string_view key) {
    if (!value.is_integer() || value.integer() < 1) refuse_setting(code, key, value, "an integer of at least 1");
    return value.integer();
}

KVT_DECL std::vector<std::int64_t> pins_of(json const& settings) {
    std::string_view const key = "dataset.pinned_entry_indices";
    auto const& value = setting(settings, key);
    std::vector<std::int64_t> pins;
    if (value.is_null()) return pins;
    if (!value.is_array()) refuse_setting(fault::pin_type, key, value, "a list of row numbers");
    for (auto const& item : value.items()) {
        auto const pin = lenient_integer(item);
        if (!pin) refuse_setting(fault::pin_type, key, item, "a row number");
        pins.push_back(*pin);
    }
    return pins;
}

KVT_DECL slice slice_of(json const& value, std::string const& key) {
    if (!value.is_object()) refuse_setting(fault::slice_type, key, value, "a mapping with n and bounds");
    slice out;
    if (auto const* name = value.find("name"); name != nullptr && name->is_text()) out.name = name->text();
    out.n = positive(setting(value, "n"), fault::slice_n, key + ".n");
    auto const percent = [&](std::string_view bound) -> std::optional<double> {
        auto const& x = setting(value, bound);
        if (x.is_null()) return std::nullopt;
        if (!x.is_number()) refuse_setting(fault::slice_type, key + "." + std::string{bound}, x, "a percentage");
        return x.real();
    };
    auto const tokens = [&](std::string_view bound) -> std::optional<std::int64_t> {
        auto const& x = setting(value, bound);
        if (x.is_null()) return std::nullopt;
        if (!x.is_integer()) refuse_setting(fault::slice_type, key + "." + std::string{bound}, x, "a length in tokens");
        return x.integer();
    };
    out.min_pct = percent("min_pct"), out.max_pct = percent("max_pct");
    out.min_tokens = tokens("min_tokens"), out.max_tokens = tokens("max_tokens");
    return out;
}

KVT_DECL std::vector<slice> slices_of(json const& settings) {
    std::string const key = "dataset.sanity_slices";
    auto const& value = setting(settings, key);
    std::vector<slice> slices;
    if (value.is_null()) return slices;
    if (!value.is_array()) refuse_setting(fault::slice_type, key, value, "a list of slices");
    for (std::size_t i = 0; i < value.size(); ++i)
        slices.push_back(slice_of(value.items()[i], key + "[" + std::to_string(i) + "]"));
    return slices;
}

KVT_DECL focus focus_of(json const& settings) {
    auto const& value = setting(settings, "sampling.focus");
    if (!value.is_object()) refuse_setting(fault::focus_missing, "sampling.focus", value, "a mapping");
    focus out;
    auto const& bins = setting(value, "focus_bins");
    auto const refuse_bins = [](json const& found) {
        refuse_setting(fault::focus_bins, "sampling.focus.focus_bins", found, "a list of bin numbers");
    };
    if (!bins.is_array() || bins.size() == 0) refuse_bins(bins);
    for (auto const& bin : bins.items()) {
        if (!bin.is_integer()) refuse_bins(bin);
        out.focus_bins.push_back(bin.integer());
    }
    out.base_n_per_bin = positive(setting(value, "base_n_per_bin"), fault::focus_base, "sampling.focus.base_n_per_bin");
    out.focus_n_per_bin = positive(setting(value, "focus_n_per_bin"), fault::focus_n, "sampling.focus.focus_n_per_bin");
    if (auto const& radius = setting(value, "focus_radius_bins"); !radius.is_null()) {
        if (!radius.is_integer() || radius.integer() < 0)
            refuse_setting(fault::focus_radius, "sampling.focus.focus_radius_bins", radius, "an integer of at least 0");
        out.focus_radius_bins = radius.integer();
    }
    return out;
}

}  // namespace detail

KVT_DECL sampling_settings read_sampling(json const& settings) {
    using namespace detail;
    sampling_settings out;
    auto& how = out.how;
    out.bins.n_bins = positive(setting(settings, "binning.n_bins"), fault::n_bins, "binning.n_bins");
    how.n_per_bin.reset();
    how.max_token_len = cap_of(settings, "binning.max_token_len");
    how.max_prompt_tokens = cap_of(settings, "dataset.max_prompt_tokens");
    if (auto const& seed = setting(settings, "dataset.seed"); !seed.is_null()) {
        if (!seed.is_integer() && !seed.is_text())
            refuse_setting(fault::bad_seed, "dataset.seed", seed, "an integer or null");
        how.seed = lenient_integer(seed).value_or(0);
    }
    how.pinned_entry_indices = pins_of(settings);
    if (how.pinned_entry_indices.empty()) how.sanity_slices = slices_of(settings);
    auto const& strategy = setting(settings, "sampling.strategy");
    bool const uniform = strategy.is_null() || strategy == json{"uniform"};
    if (!uniform && strategy != json{"focus_transition"})
        refuse_setting(fault::bad_strategy, "sampling.strategy", strategy, "uniform or focus_transition");
    bool const decided = !how.pinned_entry_indices.empty() || !how.sanity_slices.empty();
    if (!decided && uniform)
        how.n_per_bin = positive(setting(settings, "dataset.n_per_bin"), fault::n_per_bin, "dataset.n_per_bin");
    if (!decided && !uniform) how.focus = focus_of(settings);
    return out;
}

}  // namespace kvt::inline KVT_ABI::data
