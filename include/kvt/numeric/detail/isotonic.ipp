#pragma once

#include <kvt/numeric/isotonic.hpp>

#include <cstddef>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL std::vector<double> isotonic_fit(std::span<double const> y, std::span<double const> weights) {
    struct pool {
        double level, weight;
        std::size_t count;
    };
    if (y.size() != weights.size())
        throw error{error_kind::usage, "isotonic fit", "values and weights differ in length"};
    std::vector<pool> pools;
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (!(weights[i] > 0)) throw error{error_kind::usage, "isotonic fit", "a weight is not positive"};
        pool last{y[i], weights[i], 1};
        while (!pools.empty() && pools.back().level > last.level) {
            pool const& before = pools.back();
            double const weight = before.weight + last.weight;
            last = {(before.level * before.weight + last.level * last.weight) / weight, weight,
                    before.count + last.count};
            pools.pop_back();
        }
        pools.push_back(last);
    }
    std::vector<double> fit;
    fit.reserve(y.size());
    for (pool const& p : pools) fit.insert(fit.end(), p.count, p.level);
    return fit;
}

}  // namespace kvt::inline KVT_ABI::numeric
