// baseline_log: the report on a quantized model as lines of a log.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Every number of the report, the first five violations and a count of the rest, what was imputed or skipped, and the
/// interpretation (markov-smoothness 4.3).
[[nodiscard]] std::vector<std::string> baseline_log(baseline_metrics const& m);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/baseline_log.ipp>
#endif
