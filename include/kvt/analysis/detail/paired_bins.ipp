#pragma once

#include <kvt/analysis/detail/levels.hpp>
#include <kvt/analysis/paired_bins.hpp>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL transition paired_bins::operator()(curve runs) const {
    auto const all = detail::levels(runs, &bin_stats::acc_mean);
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto const [pre, post] = detail::shared(all[i - 1], all[i]);
        if (pre.bins.empty()) continue;
        if (auto found = detail::fall(pre, post, threshold, name)) return *found;
    }
    return {.method = std::string{name}};
}

}  // namespace kvt::inline KVT_ABI::analysis
