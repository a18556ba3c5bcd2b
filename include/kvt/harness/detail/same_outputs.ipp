#pragma once

#include <kvt/harness/same_outputs.hpp>

#include <map>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::optional<engine::noop_check> same_outputs(measured_run const& one, measured_run const& other) {
    std::map<std::int64_t, std::string> answers;
    std::vector<std::string> left, right;
    for (auto const& r : one.requests) {
        if (r.temperature.value_or(0) > 0) return std::nullopt;
        if (r.answer && r.answer->text) answers[r.entry_idx] = *r.answer->text;
    }
    for (auto const& r : other.requests) {
        if (r.temperature.value_or(0) > 0) return std::nullopt;
        auto const at = answers.find(r.entry_idx);
        if (r.answer && r.answer->text && at != answers.end())
            left.push_back(at->second), right.push_back(*r.answer->text);
    }
    return engine::compare_outputs(left, right);
}

}  // namespace kvt::inline KVT_ABI::harness
