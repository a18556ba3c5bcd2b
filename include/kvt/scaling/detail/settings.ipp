#pragma once

#include <kvt/core/lenient_number.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/settings.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL planner planner_settings::grid_planner() const {
    return {.min_flops = compute.min_flops,
            .max_flops = compute.max_flops,
            .num_compute_budgets = compute.num_budgets,
            .num_model_sizes = compute.num_model_sizes,
            .min_model_size = model.min_size,
            .max_model_size = model.max_size,
            .grid = grid};
}

KVT_DECL training_mode trainer_settings::checked_mode() const {
    if (auto const found = choice_of<training_mode>(mode)) return *found;
    throw scaling_error{fault::invalid_option, "mode", "there is no \"" + mode + "\"", "mock or local"};
}

namespace detail {

/// Digits with underscores between them, without these; empty where it is no such number.
inline json underscored(std::string const& text) {
    if (text.find('_') == text.npos) return nullptr;
    std::string bare;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const digit = [&](std::size_t at) {
            return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
        };
        if (text[i] != '_') bare += text[i];
        else if (i == 0 || !digit(i - 1) || !digit(i + 1)) return nullptr;
    }
    if (auto const whole = lenient_integer(json{bare})) return *whole;
    auto const number = lenient_real(json{bare});
    return number ? json{*number} : json{};
}

KVT_DECL void spell_numbers(field_type const& type, json& value) {
    switch (type.kind) {
        case field_kind::record:
            if (!value.is_object()) return;
            for (auto& [key, item] : value.members()) {
                auto const found = std::ranges::find(type.fields, key, &field::name);
                if (found != type.fields.end()) spell_numbers(*found->type, item);
            }
            return;
        case field_kind::optional:
            if (!value.is_null()) spell_numbers(*type.element, value);
            return;
        case field_kind::integer:
        case field_kind::real:
            if (value.is_text())
                if (auto number = underscored(value.text()); number.is_number()) value = std::move(number);
            if (type.kind == field_kind::integer && value.is_real()) {
                double const v = value.real();
                if (std::abs(v) < 9e18 && v == std::trunc(v)) value = static_cast<std::int64_t>(v);
            }
            return;
        default: return;
    }
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling
