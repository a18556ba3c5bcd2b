// Deterministic identifiers of data sets, runs, requests and responses (spec D, I).
#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/json.hpp>
#include <kvt/data/manifest.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::harness {

/// `<name>__<task>`, both trimmed.
using data::dataset_id;

/// `<group>_budget_<b>`, b in the shortest digits that read back (1 is `1.0`): a group that runs one policy.
[[nodiscard]] inline std::string run_id(std::string_view group, double budget) {
    return std::string{group} + "_budget_" + shortest(budget);
}
/// `<group>_<policy>_budget_<b>`: a group that runs several policies.
[[nodiscard]] inline std::string run_id(std::string_view group, std::string_view policy, double budget) {
    return run_id(std::string{group} + "_" + std::string{policy}, budget);
}

/// `req_` and 24 hex digits of SHA-256 over the run's id, U+001F and the entry's number.
[[nodiscard]] inline std::string request_id(std::string_view run, std::int64_t entry_idx) {
    return "req_" + sha256_hex(std::string{run} + '\x1f' + std::to_string(entry_idx), 24);
}

/// The request's only response.
[[nodiscard]] inline std::string response_id(std::string_view request) { return std::string{request} + "_r"; }

}  // namespace kvt::inline KVT_ABI::harness
