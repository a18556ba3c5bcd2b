// baseline_page: the report on a quantized model for readers.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/document.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The page of markov-smoothness 4.2, then what the extensions add: interpretation, phases, tensors, `figures` (paths
/// relative to `folder`).
[[nodiscard]] kvt::report::document baseline_page(baseline_metrics const& m,
                                                  std::vector<kvt::report::figure> figures = {},
                                                  std::string folder = ".");

/// Scale and boundary score along the time groups, each with the name of its file; empty for a single group. At most
/// five tensors are drawn, those that take most from the model's score.
[[nodiscard]] std::vector<std::pair<std::string, kvt::report::chart>> baseline_charts(baseline_metrics const& m);

/// The report as lines of a log (4.3): every number, the first five violations and a count of the rest, what was
/// imputed or skipped, and the interpretation.
[[nodiscard]] std::vector<std::string> baseline_log(baseline_metrics const& m);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/baseline_page.ipp>
#endif
