// The detectors that configuration can name.
#pragma once

#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/instability.hpp>
#include <kvt/analysis/mean_drop.hpp>
#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/analysis/paired_bins.hpp>
#include <kvt/core/registry.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// Detectors of a transition: any of them can be the headline.
using transition_detectors =
    registry<entry<"overall_mean_drop", mean_drop>, entry<"overall_mean_drop_all", mean_drop_all>,
             entry<"baseline_drop", baseline_drop>, entry<"paired_bins", paired_bins>, entry<"none", no_detector>>;

/// All detectors. A program of one's own adds to it:
/// `using mine = analysis::detectors::with<"my_rule", my_rule>;`
using detectors = transition_detectors::with<"instability", instability>::with<"monotonicity", monotonicity>;

}  // namespace kvt::inline KVT_ABI::analysis
