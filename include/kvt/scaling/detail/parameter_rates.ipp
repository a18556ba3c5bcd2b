#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/parameter_rates.hpp>
#include <kvt/scaling/unit_scaling.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL void parameter_rates::check() const {
    auto const number = [](char const* field, double value, bool good) {
        if (!good || !std::isfinite(value))
            throw error{error_kind::usage, std::string{"rates."} + field, shortest(value) + " is out of range",
                        "a finite number, not negative"};
    };
    number("learning_rate", learning_rate, learning_rate >= 0);
    number("weight_decay", weight_decay, weight_decay >= 0);
    number("base_width", static_cast<double>(base_width), base_width > 0);
    number("base_width_wd", static_cast<double>(base_width_wd), base_width_wd > 0);
    number("no_decay_lr_mult", no_decay_lr_mult, no_decay_lr_mult >= 0);
}

namespace detail {

inline unit_role unit_role_of(parameter_role role, std::int64_t layer) {
    if (role == parameter_role::embedding) return unit_role::embedding;
    if (role == parameter_role::head) return unit_role::output;
    if (role != parameter_role::norm) return unit_role::hidden;
    return layer < 0 ? unit_role::final_norm : unit_role::norm;
}

inline std::vector<tensor_rates> unit_rates(parameter_rates const& how, parameter_list const& list) {
    std::int64_t const layers = list.layers.empty() ? 1 : 1 + std::ranges::max(list.layers);
    std::vector<tensor_rates> out;
    for (std::size_t i = 0; i < list.tensors.size(); ++i) {
        auto const role = list.roles[i];
        bool const still = role == parameter_role::norm || role == parameter_role::embedding;
        out.push_back({how.learning_rate *
                           learning_rate_factor(unit_role_of(role, list.layers[i]), list.tensors[i].columns, layers),
                       still ? 0 : how.weight_decay});
    }
    return out;
}

}  // namespace detail

KVT_DECL std::vector<tensor_rates> parameter_rates::of(parameter_list const& list) const {
    check();
    if (rule == rate_rule::umup_full) return detail::unit_rates(*this, list);
    bool const umup = rule == rate_rule::umup;
    std::vector<tensor_rates> out;
    for (std::size_t i = 0; i < list.tensors.size(); ++i) {
        auto const role = list.roles[i];
        auto const fan_in = static_cast<double>(list.tensors[i].columns);
        if (role == parameter_role::norm || role == parameter_role::embedding)
            out.push_back({umup ? no_decay_lr_mult * learning_rate : learning_rate, 0});
        else if (role == parameter_role::head || !umup) out.push_back({learning_rate, weight_decay});
        else
            out.push_back({learning_rate * static_cast<double>(base_width) / fan_in,
                           weight_decay * fan_in / static_cast<double>(base_width_wd)});
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
