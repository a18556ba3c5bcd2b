#pragma once

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/ids.hpp>
#include <kvt/harness/terms.hpp>
#include <kvt/harness/verify.hpp>

#include <fmt/format.h>

#include <map>
#include <set>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// Collects what does not hold while it walks the group.
struct verifier {
    store::session& db;
    std::string const& group;
    bool analyzed = false;
    verification out{};
    std::map<std::int64_t, std::string> prompts{};  ///< hash of the prompt of every entry seen so far

    void fault(std::string table, std::string row, std::string problem) {
        out.violations.push_back({std::move(table), std::move(row), std::move(problem)});
    }

    void database() {
        for (auto const& line : db.check()) fault("database", "", line);
        std::set<std::string, std::less<>> known{"schema_version"};
        each_table([&]<class Row>() { known.emplace(store::table_of<Row>().rules.name); });
        for (auto const& name : db.tables())
            if (!known.contains(name)) fault(name, "", "no part of kvt uses this table");
    }

    void outcome(request_row const& request, run_row const& run) {
        auto const& id = request.request_id;
        store::where const key{{"request_id", id}};
        if (id != request_id(run.run_id, request.entry_idx))
            fault("requests", id, "its id does not follow from run and entry");
        if (request.prompt_sha256 && *request.prompt_sha256 != sha256_hex(request.messages_json))
            fault("requests", id, "prompt_sha256 is not that of messages_json");
        auto const answers = store::count<response_row>(db, key), failures = store::count<failure_row>(db, key);
        if (answers > 1) fault("responses", id, "more than one response");
        if (answers > 0 && failures > 0) fault("failures", id, "a failure beside a response");
        if (answers + failures == 0 && run.status == "finished") fault("requests", id, "no outcome in a finished run");
        if (answers > 0 && store::count<telemetry_row>(db, key) == 0)
            fault("telemetry", id, "a response without telemetry");
        if (answers > 0) receipt(request, run);
    }

    void receipt(request_row const& request, run_row const& run) {
        auto const& id = request.request_id;
        store::where const key{{"request_id", id}};
        auto const times = store::first<telemetry_row>(db, key);
        auto const row = store::first<receipt_row>(db, key);
        bool const claimed = times && times->evidence == name_of(engine::evidence::receipts);
        if (claimed != row.has_value())
            fault("receipts", id,
                  row ? "telemetry knows nothing of it" : "telemetry claims a receipt that is not there");
        if (!row) return;
        ++out.receipts;
        if (!times) return;  // found above
        if (auto const problem = receipt_problem(run, request, *times, *row)) return fault("receipts", id, *problem);
        auto const r = from_json<cache::receipt>(parse_json(row->receipt_json));
        // the same entry is the same prompt in every run
        if (prompts.try_emplace(request.entry_idx, r.prompt_hash).first->second != r.prompt_hash)
            fault("receipts", id,
                  fmt::format("is for another prompt than entry {} has in other runs", request.entry_idx));
    }

    void run(run_row const& run) {
        ++out.runs;
        out.unfinished += run.status != "finished" ? 1 : 0;
        store::where const of_run{{"run_id", run.run_id}};
        auto const requests = store::select<request_row>(db, of_run);
        out.requests += static_cast<std::int64_t>(requests.size());
        for (auto const& request : requests) outcome(request, run);
        auto const entries = store::count<entry_row>(db, {{"dataset_id", run.dataset_id.value_or("")}});
        if (run.status == "finished" && requests.size() != entries)
            fault("runs", run.run_id, fmt::format("{} requests for {} entries", requests.size(), entries));
        auto const scores = store::count<score_row>(db, requests_of_run(run.run_id));
        auto const stats = store::count<bin_stats_row>(db, of_run),
                   bins = store::count<bin_row>(db, {{"dataset_id", run.dataset_id.value_or("")}});
        if ((scores != 0 || stats != 0) && scores != requests.size())
            fault("scores", run.run_id, fmt::format("{} scores for {} requests", scores, requests.size()));
        if ((stats != 0 || analyzed) && stats != bins)
            fault("bin_stats", run.run_id, fmt::format("{} rows for {} bins", stats, bins));
    }

    void dataset(dataset_row const& row, std::string const& manifest_path) {
        store::where const of_dataset{{"dataset_id", row.dataset_id}};
        auto const entries = store::select<entry_row>(db, of_dataset, {"entry_idx"});
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i].entry_idx != static_cast<std::int64_t>(i))
                return fault("manifest_entries", row.dataset_id, fmt::format("entry {} is missing", i));
        try {
            auto const m = data::read_manifest(manifest_path);
            if (row.manifest_hash != m.manifest_hash)
                return fault("datasets", row.dataset_id, "was made from another manifest than " + manifest_path);
            auto const bins = store::select<bin_row>(db, of_dataset, {"bin_idx"});
            bool same = m.entries.size() == entries.size() && m.bin_edges.size() == bins.size();
            for (std::size_t i = 0; same && i < entries.size(); ++i)
                same = m.entries[i].example_id == entries[i].example_id && m.entries[i].bin_idx == entries[i].bin_idx &&
                       m.entries[i].token_len == entries[i].token_len;
            for (std::size_t i = 0; same && i < bins.size(); ++i)
                same = m.bin_edges[i].token_min == bins[i].token_min && m.bin_edges[i].token_max == bins[i].token_max;
            if (!same) fault("manifest_entries", row.dataset_id, "entries or bins are not those of " + manifest_path);
        } catch (error const& e) {
            fault("files", manifest_path, e.what());
        }
    }

    void files(std::string const& folder) {
        auto const summary = folder + "/summary.json";
        if (folder.empty() || !file_exists(summary)) return;
        auto const content = read_json_file(summary);
        if (auto const* plots = content.find("plots"))
            for (auto const& plot : plots->items())
                if (!file_exists(folder + "/" + plot.text()))
                    fault("files", folder + "/" + plot.text(), "named by the report, not there");
        for (auto const* name : {"report.md", "report.html"})
            if (!file_exists(folder + "/" + name)) fault("files", folder + "/" + name, "not there");
    }
};

}  // namespace detail

KVT_DECL verification verify(store::session& store, std::string const& group, std::string const& folder,
                             std::string const& manifest) {
    detail::verifier v{store, group, store::count<detector_row>(store, {{"exp_group_id", group}}) > 0};
    v.out.group = group;
    v.database();
    if (auto const row = store::first<dataset_row>(store); row && !manifest.empty()) v.dataset(*row, manifest);
    for (auto const& run : group_runs(store, group)) v.run(run);
    v.files(folder);
    return std::move(v.out);
}

}  // namespace kvt::inline KVT_ABI::harness
