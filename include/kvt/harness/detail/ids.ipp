#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/json.hpp>
#include <kvt/harness/ids.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::string run_id(std::string_view group, double budget) {
    return std::string{group} + "_budget_" + shortest(budget);
}

KVT_DECL std::string run_id(std::string_view group, std::string_view policy, double budget) {
    return run_id(std::string{group} + "_" + std::string{policy}, budget);
}

KVT_DECL std::string request_id(std::string_view run, std::int64_t entry_idx) {
    return "req_" + sha256_hex(std::string{run} + '\x1f' + std::to_string(entry_idx), 24);
}

KVT_DECL std::string response_id(std::string_view request) { return std::string{request} + "_r"; }

}  // namespace kvt::inline KVT_ABI::harness
