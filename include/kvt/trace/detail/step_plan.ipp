// Definitions of trace/step_plan.hpp.
#pragma once

#include <kvt/trace/fault.hpp>
#include <kvt/trace/step_plan.hpp>

#include <string>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL void step_limits::check() const {
    auto const refuse = [](char const* name, std::int64_t value, char const* expected) {
        throw trace_error{fault::bad_option, std::string{name} + " " + std::to_string(value), expected};
    };
    if (chunk_size < 1) refuse("chunk_size", chunk_size, "at least 1");
    if (max_running < 0) refuse("max_running", max_running, "at least 0");
    if (token_budget < 0) refuse("token_budget", token_budget, "at least 0");
}

}  // namespace kvt::inline KVT_ABI::trace
