// cache_conclusions: the findings of a cache study in sentences, each derived from its rows.
#pragma once

#include <kvt/harness/cache_findings.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What the rows say at the study's first width and group size. Rows that are missing are said to be undefined.
[[nodiscard]] std::vector<std::string> conclusions_of(cache_findings const& f);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/cache_conclusions.ipp>
#endif
