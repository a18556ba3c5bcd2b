#pragma once

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/ids.hpp>
#include <kvt/harness/verify.hpp>

#include <set>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// Collects what does not hold while it walks the group.
struct verifier {
    store::session& db;
    std::string const& group;
    verification out{};

    void fault(std::string table, std::string row, std::string problem) {
        out.violations.push_back({std::move(table), std::move(row), std::move(problem)});
    }

    void database() {
        for (auto const& line : db.check()) fault("database", "", line);
        std::set<std::string> known{"schema_version"};
        for (auto const* name : {"experiments", "datasets", "examples", "bins", "manifest_entries", "runs", "requests", "responses",
                                 "telemetry", "failures", "receipts", "scores", "bin_stats", "transition_summary",
                                 "detector_results", "stage_cache", "token_cache"})
            known.insert(name);
        for (auto const& name : db.tables())
            if (!known.contains(name)) fault(name, "", "no part of kvt uses this table");
    }

    void outcome(request_row const& request, run_row const& run) {
        auto const& id = request.request_id;
        store::where const key{{"request_id", id}};
        if (id != request_id(run.run_id, request.entry_idx)) fault("requests", id, "its id does not follow from run and entry");
        if (request.prompt_sha256 && *request.prompt_sha256 != sha256_hex(request.messages_json))
            fault("requests", id, "prompt_sha256 is not that of messages_json");
        auto const answers = store::count<response_row>(db, key), failures = store::count<failure_row>(db, key);
        if (answers > 1) fault("responses", id, "more than one response");
        if (answers > 0 && failures > 0) fault("failures", id, "a failure beside a response");
        if (answers + failures == 0 && run.status == "finished") fault("requests", id, "no outcome in a finished run");
        if (answers > 0 && store::count<telemetry_row>(db, key) == 0) fault("telemetry", id, "a response without telemetry");
        receipt(id, run, answers > 0);
    }

    void receipt(std::string const& id, run_row const& run, bool answered) {
        store::where const key{{"request_id", id}};
        auto const times = store::first<telemetry_row>(db, key);
        auto const row = store::first<receipt_row>(db, key);
        bool const claimed = times && times->evidence == name_of(engine::evidence::receipts);
        if (answered && claimed && !row) fault("receipts", id, "telemetry claims a receipt that is not there");
        if (!row) return;
        ++out.receipts;
        if (auto const problem = cache::verify_text(row->receipt_json)) return fault("receipts", id, *problem);
        auto const r = from_json<cache::receipt>(parse_json(row->receipt_json));
        if (r.hash != row->hash) fault("receipts", id, "the hash beside the receipt is another");
        if (r.bytes_full != row->bytes_full || r.bytes_kept != row->bytes_kept)
            fault("receipts", id, "the bytes beside the receipt are others");
        if (run.kv_budget && r.budget != *run.kv_budget) fault("receipts", id, "is for another budget than its run");
        auto const policy = r.policy.substr(0, r.policy.find('@'));
        auto const wanted = run.kv_policy.value_or("");
        if (policy != wanted.substr(0, wanted.find('@'))) fault("receipts", id, "is for another policy than its run");
        if (times && times->prompt_tokens && r.prompt_tokens != *times->prompt_tokens)
            fault("receipts", id, "counts another number of prompt tokens than telemetry");
    }

    void run(run_row const& run) {
        ++out.runs;
        store::where const of_run{{"run_id", run.run_id}};
        auto const requests = store::select<request_row>(db, of_run);
        out.requests += static_cast<std::int64_t>(requests.size());
        for (auto const& request : requests) outcome(request, run);
        auto const entries = store::count<entry_row>(db, {{"dataset_id", run.dataset_id.value_or("")}});
        if (run.status == "finished" && requests.size() != entries)
            fault("runs", run.run_id, std::to_string(requests.size()) + " requests for " + std::to_string(entries) + " entries");
        auto const scores = store::count<score_row>(db, {{"request_id", store::values_of<request_row>("request_id", of_run)}});
        if (scores != 0 && scores != requests.size())
            fault("scores", run.run_id, std::to_string(scores) + " scores for " + std::to_string(requests.size()) + " requests");
        auto const stats = store::count<bin_stats_row>(db, of_run), bins = store::count<bin_row>(db, {{"dataset_id", run.dataset_id.value_or("")}});
        if (stats != 0 && stats != bins)
            fault("bin_stats", run.run_id, std::to_string(stats) + " rows for " + std::to_string(bins) + " bins");
    }

    void files(std::string const& folder) {
        auto const summary = folder + "/summary.json";
        if (folder.empty() || !file_exists(summary)) return;
        auto const content = read_json_file(summary);
        if (auto const* plots = content.find("plots"))
            for (auto const& plot : plots->items())
                if (!file_exists(folder + "/" + plot.text())) fault("files", folder + "/" + plot.text(), "named by the report, not there");
        for (auto const* name : {"report.md", "report.html"})
            if (!file_exists(folder + "/" + name)) fault("files", folder + "/" + name, "not there");
    }
};

}  // namespace detail

KVT_DECL verification verify(store::session& store, std::string const& group, std::string const& folder) {
    detail::verifier v{store, group};
    v.out.group = group;
    v.database();
    for (auto const& run : group_runs(store, group)) v.run(run);
    v.files(folder);
    return std::move(v.out);
}

}  // namespace kvt::inline KVT_ABI::harness
