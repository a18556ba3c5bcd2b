#pragma once

#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/detail/levels.hpp>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL transition baseline_drop::operator()(curve runs) const {
    auto const all = detail::levels(runs, &bin_stats::acc_mean);
    for (std::size_t i = 1; i < all.size(); ++i)
        if (auto found = detail::fall(all[0], all[i], threshold, name)) return *found;
    return {.method = std::string{name}};
}

}  // namespace kvt::inline KVT_ABI::analysis
