#pragma once

#include <kvt/eval/taxonomy.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/observe.hpp>

#include <algorithm>
#include <map>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// The value of that key, moved out of the map.
template <class Key, class Value> std::optional<Value> take(std::map<Key, Value>& from, Key const& key) {
    auto const at = from.find(key);
    return at == from.end() ? std::nullopt : std::optional{std::move(at->second)};
}

}  // namespace detail

KVT_DECL bool request_record::failed(truncation rule) const {
    return failure ||
           (answer && answer->failure_label && (rule == truncation::failure || *answer->failure_label != "TRUNCATED"));
}

KVT_DECL std::vector<request_record> request_records(store::session& store, run_row const& run) {
    std::map<std::int64_t, std::int64_t> bin_of;
    for (auto const& e : store::select<entry_row>(store, {{"dataset_id", run.dataset_id.value_or("")}}))
        bin_of[e.entry_idx] = e.bin_idx;
    auto answers = rows_by_request<response_row>(store, run.run_id);
    auto failures = rows_by_request<failure_row>(store, run.run_id);
    auto times = rows_by_request<telemetry_row>(store, run.run_id);
    auto scores = rows_by_request<score_row>(store, run.run_id);
    auto receipts = rows_by_request<receipt_row>(store, run.run_id);
    std::vector<request_record> out;
    for (auto const& asked : store::select<request_row>(store, {{"run_id", run.run_id}}, {"entry_idx"})) {
        auto const& id = asked.request_id;
        auto& next = out.emplace_back(request_record{
            asked.entry_idx, detail::take(bin_of, asked.entry_idx), asked.temperature, detail::take(answers, id),
            detail::take(failures, id), detail::take(times, id), detail::take(scores, id), detail::take(receipts, id)});
        if (next.answer) next.answer->raw_json.reset();
        if (next.receipt) next.receipt->receipt_json = {};
    }
    std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.bin_idx < b.bin_idx; });
    return out;
}

KVT_DECL std::vector<analysis::bin_range> bin_ranges(store::session& store, std::string const& dataset_id) {
    std::vector<analysis::bin_range> out;
    for (auto const& b : store::select<bin_row>(store, {{"dataset_id", dataset_id}}, {"bin_idx"}))
        out.push_back({b.bin_idx, b.token_min, b.token_max});
    return out;
}

KVT_DECL std::vector<analysis::observation> observations(std::span<request_record const> requests, truncation rule) {
    std::vector<analysis::observation> out;
    for (auto const& request : requests) {
        auto& seen = out.emplace_back();
        seen.entry_idx = request.entry_idx, seen.bin_idx = request.bin_idx, seen.failed = request.failed(rule);
        if (auto const& score = request.score; score && score->scorable.value_or(1) == 1)
            seen.em = score->em, seen.f1 = score->f1, seen.acc = score->acc;
        if (!request.times) continue;
        seen.latency_s = request.times->latency_s;
        if (auto const& n = request.times->total_tokens) seen.total_tokens = static_cast<double>(*n);
    }
    return out;
}

KVT_DECL std::vector<request_check> request_checks(std::span<request_record const> requests, truncation rule) {
    std::vector<request_check> out;
    for (auto const& request : requests) {
        auto& check =
            out.emplace_back(request_check{.failed = request.failed(rule), .telemetry = request.times.has_value()});
        if (auto const& answer = request.answer)
            check.responded = true, check.text = answer->text, check.label = answer->failure_label;
        else if (request.failure) check.label = request.failure->error_type.value_or("");
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
