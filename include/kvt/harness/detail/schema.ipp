#pragma once

#include <kvt/harness/schema.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL store::where requests_of_run(std::string const& run_id) {
    return {{"request_id", store::values_of<request_row>("request_id", {{"run_id", run_id}})}};
}

KVT_DECL store::where runs_of_group(std::string const& group) {
    return {{"run_id", store::values_of<run_row>("run_id", {{"exp_group_id", group}})}};
}

}  // namespace kvt::inline KVT_ABI::harness
