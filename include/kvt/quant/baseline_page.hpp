// baseline_page: the report on a quantized model for readers.
#pragma once

#include <kvt/quant/baseline_metrics.hpp>
#include <kvt/report/document.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The page of markov-smoothness 4.2, then what the extensions add: interpretation, phases, tensors, `figures` (paths
/// relative to `folder`).
[[nodiscard]] kvt::report::document baseline_page(baseline_metrics const& m,
                                                  std::vector<kvt::report::figure> figures = {},
                                                  std::string folder = ".");

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/baseline_page.ipp>
#endif
