// The definitions of kvt/analysis, compiled once.
#include <kvt/analysis/detail/aggregate.ipp>
#include <kvt/analysis/detail/attribution.ipp>
#include <kvt/analysis/detail/baseline_drop.ipp>
#include <kvt/analysis/detail/compare.ipp>
#include <kvt/analysis/detail/critical_budget.ipp>
#include <kvt/analysis/detail/efficiency.ipp>
#include <kvt/analysis/detail/instability.ipp>
#include <kvt/analysis/detail/length_trend.ipp>
#include <kvt/analysis/detail/mean_drop.ipp>
#include <kvt/analysis/detail/mean_drop_all.ipp>
#include <kvt/analysis/detail/monotonicity.ipp>
#include <kvt/analysis/detail/paired_bins.ipp>
#include <kvt/analysis/detail/surface.ipp>
#include <kvt/analysis/detail/transition_law.ipp>
