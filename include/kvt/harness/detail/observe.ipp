#pragma once

#include <kvt/eval/taxonomy.hpp>
#include <kvt/harness/observe.hpp>

#include <algorithm>
#include <unordered_map>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<analysis::bin_range> bin_ranges(store::session& store, std::string const& dataset_id) {
    std::vector<analysis::bin_range> out;
    for (auto const& b : store::select<bin_row>(store, {{"dataset_id", dataset_id}}, {"bin_idx"}))
        out.push_back({b.bin_idx, b.token_min, b.token_max});
    return out;
}

namespace detail {
/// Whether the label on an answer counts as a failure of its request.
inline bool counts(std::optional<std::string> const& label, truncation rule) {
    return label && (rule == truncation::failure || *label != name_of(eval::failure_label::truncated));
}
}  // namespace detail

KVT_DECL std::vector<analysis::observation> observations(store::session& store, run_row const& run, truncation rule) {
    std::unordered_map<std::int64_t, std::int64_t> bin_of;
    for (auto const& e : store::select<entry_row>(store, {{"dataset_id", run.dataset_id.value_or("")}}))
        bin_of[e.entry_idx] = e.bin_idx;
    std::vector<analysis::observation> out;
    for (auto const& request : store::select<request_row>(store, {{"run_id", run.run_id}}, {"entry_idx"})) {
        store::where const key{{"request_id", request.request_id}};
        auto& seen = out.emplace_back();
        seen.entry_idx = request.entry_idx;
        if (auto const bin = bin_of.find(request.entry_idx); bin != bin_of.end()) seen.bin_idx = bin->second;
        if (auto const score = store::first<score_row>(store, key); score && score->scorable.value_or(1) == 1)
            seen.em = score->em, seen.f1 = score->f1, seen.acc = score->acc;
        if (auto const times = store::first<telemetry_row>(store, key)) {
            seen.latency_s = times->latency_s;
            if (times->total_tokens) seen.total_tokens = static_cast<double>(*times->total_tokens);
        }
        auto const answer = store::first<response_row>(store, key);
        seen.failed = (answer && detail::counts(answer->failure_label, rule)) || store::count<failure_row>(store, key) > 0;
    }
    std::stable_sort(out.begin(), out.end(),
                     [](auto const& a, auto const& b) { return a.bin_idx < b.bin_idx; });
    return out;
}

KVT_DECL std::vector<request_check> request_checks(store::session& store, run_row const& run, truncation rule) {
    std::vector<request_check> out;
    for (auto const& request : store::select<request_row>(store, {{"run_id", run.run_id}})) {
        store::where const key{{"request_id", request.request_id}};
        auto& check = out.emplace_back();
        check.telemetry = store::count<telemetry_row>(store, key) > 0;
        if (auto const answer = store::first<response_row>(store, key)) {
            check.responded = true, check.text = answer->text, check.label = answer->failure_label;
            check.failed = detail::counts(answer->failure_label, rule);
        } else if (auto const failure = store::first<failure_row>(store, key)) {
            check.label = failure->error_type.value_or(""), check.failed = true;
        }
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
