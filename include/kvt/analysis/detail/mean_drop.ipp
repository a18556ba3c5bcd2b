#pragma once

#include <kvt/analysis/detail/levels.hpp>
#include <kvt/analysis/mean_drop.hpp>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL transition mean_drop::operator()(curve runs) const {
    return detail::first_step(detail::levels(runs, &bin_stats::acc_mean), threshold, name);
}

}  // namespace kvt::inline KVT_ABI::analysis
