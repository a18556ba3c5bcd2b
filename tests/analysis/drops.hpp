// Sweeps for the drop detectors' tests.
#pragma once

#include <kvt/analysis/detector.hpp>

#include <initializer_list>
#include <vector>

namespace test {

/// A run by its budget and its bins' accuracies; a negative number is an unmeasured bin.
struct run {
    double budget;
    std::vector<double> accuracies;
};

inline std::vector<kvt::analysis::budget_stats> sweep(std::initializer_list<run> runs) {
    std::vector<kvt::analysis::budget_stats> out;
    for (auto const& r : runs) {
        auto& stats = out.emplace_back();
        stats.budget = r.budget;
        for (std::size_t b = 0; b < r.accuracies.size(); ++b) {
            auto& bin = stats.bins.emplace_back();
            bin.bin_idx = static_cast<std::int64_t>(b);
            bin.n = bin.n_total = 10;
            if (r.accuracies[b] >= 0) bin.acc_mean = bin.acc_mean_all = r.accuracies[b];
        }
    }
    return out;
}

}  // namespace test
