#pragma once

#include <kvt/cache/budget.hpp>
#include <kvt/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void check_budget(double budget, std::string_view where) {
    if (!(budget > 0 && budget <= 1))
        throw error{error_kind::usage, std::string{where}, "a budget of " + std::to_string(budget),
                    "a fraction of the full cache in (0, 1]"};
}

KVT_DECL std::int64_t round_half_even(double x) {
    double const below = std::floor(x);
    auto const whole = static_cast<std::int64_t>(below);
    double const rest = x - below;
    return rest > 0.5 || (rest == 0.5 && whole % 2 != 0) ? whole + 1 : whole;
}

KVT_DECL std::int64_t total_slots(double budget, std::int64_t tokens, std::int64_t lists) {
    return round_half_even(budget * static_cast<double>(tokens * lists));
}

KVT_DECL std::vector<std::int64_t> apportion(std::int64_t total, std::span<double const> weights) {
    double const sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::int64_t> shares(weights.size());
    std::vector<double> fractions(weights.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        double const quota = static_cast<double>(total) * (weights[i] / sum);
        shares[i] = static_cast<std::int64_t>(std::floor(quota));
        fractions[i] = quota - std::floor(quota);
        given += shares[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return fractions[a] > fractions[b]; });
    // Rounding in the quotas can leave the floors one too high or low; the walk gives or takes in the same order.
    for (std::size_t i = 0; given < total; i = (i + 1) % order.size()) ++shares[order[i]], ++given;
    for (std::size_t i = order.size(); given > total; i = i == 1 ? order.size() : i - 1)
        if (shares[order[i - 1]] > 0) --shares[order[i - 1]], --given;
    return shares;
}

KVT_DECL std::vector<std::int64_t> distribute(double budget, std::int64_t tokens, std::int64_t layers,
                                              std::int64_t kv_heads) {
    std::int64_t const lists = layers * kv_heads;
    std::int64_t const total = total_slots(budget, tokens, lists);
    std::vector<std::int64_t> slots(static_cast<std::size_t>(lists), total / lists);
    for (std::int64_t i = 0; i < total % lists; ++i) ++slots[static_cast<std::size_t>(i)];
    return slots;
}

}  // namespace kvt::inline KVT_ABI::cache
