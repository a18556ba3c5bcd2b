// Definitions of quant/suites.hpp.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/quant/suites.hpp>

#include <array>
#include <cmath>
#include <numbers>
#include <string>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::span<suite_group const> groups_of(suite_kind kind) {
    static constexpr std::array<suite_group, 4> ramp{{{0, 1}, {0, 1.5}, {0, 2}, {0, 2.5}}};
    static constexpr std::array<suite_group, 8> irregular{
        {{0, 1}, {0.1, 0.6}, {-0.1, 1.3}, {0.05, 0.8}, {-0.1, 2}, {0.15, 1.1}, {0, 0.7}, {-0.05, 1.5}}};
    static constexpr std::array<suite_group, 8> near_constant{
        {{0, 1}, {0.01, 1.01}, {0, 0.99}, {-0.01, 1.02}, {0.01, 1}, {0, 0.98}, {-0.01, 1.01}, {0, 1}}};
    switch (kind) {
        case suite_kind::ramp: return ramp;
        case suite_kind::irregular: return irregular;
        default: return near_constant;
    }
}

KVT_DECL stored_groups draw_suite(suite_kind kind, std::int64_t seed, std::size_t per_group) {
    if (per_group == 0) throw quant_error{fault::empty_input, "suite", "no values a group", "1 or more"};
    random_stream stream{seed, "suite " + std::string{name_of(kind)}};
    stored_groups out{.bounds = {0}};
    for (auto const& g : groups_of(kind)) {
        for (std::size_t i = 0; i < per_group; ++i) {
            // Box and Muller, 1958; 1 - u is never 0.
            double const radius = std::sqrt(-2 * std::log(1 - stream.unit()));
            double const angle = 2 * std::numbers::pi * stream.unit();
            out.values.push_back(static_cast<float>(g.mean + g.deviation * radius * std::cos(angle)));
        }
        out.bounds.push_back(out.values.size());
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
