// Definitions of quant/beta_schedule.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/beta_schedule.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// How much signal the cosine schedule leaves at the share `u` of the process.
inline double cosine_signal(double u) {
    double const c = std::cos((u + 0.008) / 1.008 * std::numbers::pi / 2);
    return c * c;
}

}  // namespace detail

KVT_DECL void beta_schedule::check() const {
    for (double const b : {start, end})
        if (!(b >= 0 && b <= 1)) throw quant_error{fault::invalid_beta_schedule, "beta", shortest(b), "0 to 1"};
}

KVT_DECL std::vector<double> beta_schedule::betas(std::int64_t timesteps) const {
    check();
    if (timesteps < 0)
        throw quant_error{fault::invalid_beta_schedule, "timesteps", std::to_string(timesteps), "0 or more"};
    std::vector<double> out;
    auto const last = static_cast<double>(timesteps - 1);
    double before = 1;
    for (std::int64_t t = 0; t < timesteps; ++t) {
        auto const step = static_cast<double>(t);
        if (kind == schedule_kind::linear) {
            out.push_back(last > 0 ? start + (end - start) * step / last : start);
        } else {
            double const signal = detail::cosine_signal(step / static_cast<double>(timesteps));
            out.push_back(std::clamp(1 - signal / before, 1e-4, 0.9999));
            before = signal;
        }
    }
    return out;
}

KVT_DECL schedule_kind schedule_named(std::string_view word) {
    if (auto const found = choice_of<schedule_kind>(word)) return *found;
    throw quant_error{fault::invalid_beta_schedule, "beta schedule", std::string{word}, "linear or cosine"};
}

}  // namespace kvt::inline KVT_ABI::quant
