#pragma once

#include <kvt/harness/clean.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/ids.hpp>
#include <kvt/harness/ledger.hpp>

#include <fmt/format.h>

#include <unordered_set>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

/// Refuses to go on with a run whose stored value of `column` is not the one asked for now.
template <class T>
void require_same(std::string const& run_id, std::string_view column, T const& stored, T const& wanted) {
    auto const a = dump(kvt::detail::to_json(kvt::detail::field_type_v<T>, &stored));
    auto const b = dump(kvt::detail::to_json(kvt::detail::field_type_v<T>, &wanted));
    if (a == b) return;
    throw error{error_kind::mismatch, "run " + run_id,
                std::string{column} + " is " + b + " now but " + a + " in the database",
                "the same as before, a new output.exp_group_id, or `kvt clean`"};
}

}  // namespace detail

KVT_DECL void open_run(store::session& store, run_row const& run, request_row const& sample, rerun mode) {
    auto const existing = store::first<run_row>(store, {{"run_id", run.run_id}});
    if (!existing) return store::insert(store, run);
    auto const requests = store::count<request_row>(store, {{"run_id", run.run_id}});
    if (mode == rerun::replace) {
        return store::transaction(store, [&] {
            forget_run(store, run.run_id);
            forget_analysis(store, run.exp_group_id.value_or(""));  // it was made of what is gone
            store::insert(store, run);
        });
    }
    if (requests > 0 && mode == rerun::refuse)
        throw error{error_kind::mismatch, "run " + run.run_id, fmt::format("already has {} requests", requests),
                    "--resume to go on with it, another output.exp_group_id, or `kvt clean` first"};
    if (requests > 0) {
        detail::require_same(run.run_id, "prompt_template_version", existing->prompt_template_version,
                             run.prompt_template_version);
        detail::require_same(run.run_id, "manifest_hash", existing->manifest_hash, run.manifest_hash);
        detail::require_same(run.run_id, "model_name", existing->model_name, run.model_name);
        detail::require_same(run.run_id, "kv_policy", existing->kv_policy, run.kv_policy);
        detail::require_same(run.run_id, "kv_budget", existing->kv_budget, run.kv_budget);
        detail::require_same(run.run_id, "kv_request", existing->kv_request, run.kv_request);
        detail::require_same(run.run_id, "engine_name", existing->engine_name, run.engine_name);
        detail::require_same(run.run_id, "base_url", existing->base_url, run.base_url);
        auto const before = *store::first<request_row>(store, {{"run_id", run.run_id}});
        detail::require_same(run.run_id, "temperature", before.temperature, sample.temperature);
        detail::require_same(run.run_id, "max_tokens", before.max_tokens, sample.max_tokens);
        detail::require_same(run.run_id, "extra_body_json", before.extra_body_json, sample.extra_body_json);
    }
    if (existing->status == "finished" && open_entries(store, *existing, mode).empty()) return;
    auto row = run;
    row.created_at = existing->created_at;
    store::upsert(store, row);
}

KVT_DECL std::vector<entry_row> open_entries(store::session& store, run_row const& run, rerun mode) {
    std::unordered_set<std::string> closed;
    auto const of_run = requests_of_run(run.run_id);
    for (auto& [id] : store::select_columns<&response_row::request_id>(store, of_run)) closed.insert(std::move(id));
    if (mode != rerun::retry_failed)
        for (auto& [id] : store::select_columns<&failure_row::request_id>(store, of_run)) closed.insert(std::move(id));
    auto entries = store::select<entry_row>(store, {{"dataset_id", *run.dataset_id}}, {"entry_idx"});
    std::erase_if(entries, [&](entry_row const& e) { return closed.contains(request_id(run.run_id, e.entry_idx)); });
    return entries;
}

KVT_DECL void commit_request(store::session& store, request_row const& request) { store::upsert(store, request); }

KVT_DECL void commit_outcome(store::session& store, request_row const& request, engine::outcome const& outcome,
                             std::int64_t attempts, std::optional<std::string> label, std::string const& created_at) {
    auto const& id = request.request_id;
    if (auto const* f = std::get_if<engine::failure>(&outcome)) {
        failure_row const row{id, std::move(label), f->message, f->http_status, attempts};
        return store::transaction(store, [&] {
            if (!store::first<response_row>(store, {{"request_id", id}})) store::upsert(store, row);
        });
    }
    auto const& r = std::get<engine::response>(outcome);
    response_row const answer{response_id(id),        id,          r.text,     r.finish_reason,
                              dump(to_json(r.usage)), dump(r.raw), created_at, std::move(label)};
    telemetry_row const times{id,
                              r.latency_s,
                              r.ttfb_s,
                              r.usage.prompt_tokens,
                              r.usage.completion_tokens,
                              r.usage.total_tokens,
                              dump(r.notes),
                              r.start_s,
                              attempts,
                              r.kv_retained_tokens,
                              r.kv_total_tokens,
                              std::string{name_of(engine::proof_of(r))},
                              std::string{name_of(r.sent)}};
    store::transaction(store, [&] {
        store::upsert(store, answer);
        store::upsert(store, times);
        if (r.receipt)
            store::upsert(store, receipt_row{id, cache::receipt_text(*r.receipt), r.receipt->hash,
                                             r.receipt->bytes_full, r.receipt->bytes_kept});
        store::erase<failure_row>(store, {{"request_id", id}});
    });
}

KVT_DECL bool close_run(store::session& store, std::string const& run_id, std::string const& finished_at) {
    auto row = *store::first<run_row>(store, {{"run_id", run_id}});
    bool const finished = open_entries(store, row, rerun::resume).empty();
    row.status = finished ? "finished" : "interrupted";
    row.finished_at = finished ? std::optional{finished_at} : std::nullopt;
    store::upsert(store, row);
    return finished;
}

}  // namespace kvt::inline KVT_ABI::harness
