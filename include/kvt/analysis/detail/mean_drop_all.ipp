#pragma once

#include <kvt/analysis/detail/levels.hpp>
#include <kvt/analysis/mean_drop_all.hpp>

namespace kvt::inline KVT_ABI::analysis {

KVT_DECL transition mean_drop_all::operator()(curve runs) const {
    return detail::first_step(detail::levels(runs, &bin_stats::acc_mean_all), threshold, name);
}

}  // namespace kvt::inline KVT_ABI::analysis
