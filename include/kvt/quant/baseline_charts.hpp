// baseline_charts: a quantized model's parameters along its groups, as pictures.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/report/chart.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Scale and boundary score along the time groups, each with the name of its file; empty for a single group. At most
/// five tensors are drawn, those that take most from the model's score.
[[nodiscard]] std::vector<std::pair<std::string, kvt::report::chart>> baseline_charts(baseline_metrics const& m);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/baseline_charts.ipp>
#endif
