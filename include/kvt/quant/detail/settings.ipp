// Definitions of quant/settings.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/affine.hpp>
#include <kvt/quant/settings.hpp>

#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline void need(bool holds, fault code, std::string_view field, std::string got, std::string_view expected) {
    if (!holds) throw quant_error{code, std::string{field}, got, std::string{expected}};
}
inline void need_share(double value, fault code, std::string_view field) {
    need(value >= 0 && value <= 1, code, field, shortest(value), "0 to 1");
}

}  // namespace detail

KVT_DECL void settings::check() const {
    using detail::need;
    check_bits(bit_width);
    need(num_time_groups >= 1 && num_time_groups <= 100, fault::invalid_time_groups, "num_time_groups",
         std::to_string(num_time_groups), "1 to 100");
    if (group_size)
        need(*group_size == 32 || *group_size == 64 || *group_size == 128 || *group_size == 256,
             fault::invalid_group_size, "group_size", std::to_string(*group_size), "32, 64, 128 or 256");
    detail::need_share(min_accuracy, fault::invalid_accuracy, "min_accuracy");
    detail::need_share(smoothness_threshold, fault::invalid_smoothness_threshold, "smoothness_threshold");
    check_window(window_size);
    for (auto const& [field, weight] :
         {std::pair{"markov_weight", markov_weight}, std::pair{"entropy_weight", entropy_weight}})
        need(weight >= 0 && std::isfinite(weight), fault::invalid_weight, field, shortest(weight),
             "a finite number, 0 or more");
    need(learning_rate > 0 && learning_rate <= 1, fault::invalid_learning_rate, "learning_rate",
         shortest(learning_rate), "above 0, at most 1");
    need(max_iterations >= 1, fault::invalid_max_iterations, "max_iterations", std::to_string(max_iterations),
         "1 or more");
    need(convergence_threshold > 0 && std::isfinite(convergence_threshold), fault::invalid_convergence_threshold,
         "convergence_threshold", shortest(convergence_threshold), "a finite number above 0");
}

KVT_DECL settings settings::preset(deployment where) {
    settings out;
    switch (where) {
        case deployment::edge:
            out.bit_width = 2, out.num_time_groups = 5, out.group_size = 256, out.min_accuracy = 0.65;
            break;
        case deployment::local:
            out.bit_width = 4, out.num_time_groups = 10, out.group_size = 128, out.min_accuracy = 0.85;
            break;
        default: out.bit_width = 8, out.num_time_groups = 20, out.group_size = 64, out.min_accuracy = 0.95; break;
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
