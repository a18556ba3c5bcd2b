// Deterministic identifiers of data sets, runs, requests and responses (spec D, I).
#pragma once

#include <kvt/data/manifest.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::harness {

/// `<name>__<task>`, both trimmed.
using data::dataset_id;

/// `<group>_budget_<b>`, b in the shortest digits that read back (1 is `1.0`): a group that runs one policy.
[[nodiscard]] std::string run_id(std::string_view group, double budget);
/// `<group>_<policy>_budget_<b>`: a group that runs several policies.
[[nodiscard]] std::string run_id(std::string_view group, std::string_view policy, double budget);

/// `req_` and 24 hex digits of SHA-256 over the run's id, U+001F and the entry's number.
[[nodiscard]] std::string request_id(std::string_view run, std::int64_t entry_idx);

/// The request's only response.
[[nodiscard]] std::string response_id(std::string_view request);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/ids.ipp>
#endif
