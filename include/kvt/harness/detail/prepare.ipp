#pragma once

#include <kvt/harness/clean.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/prepare.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<std::pair<std::string, std::int64_t>> cached_counts(store::session& store, std::string const& key) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    if (!store::has_table<token_cache_row>(store)) return out;
    for (auto const& row : store::select<token_cache_row>(store, {{"tokenizer", key}})) out.emplace_back(row.text_sha256, row.n);
    std::sort(out.begin(), out.end());
    return out;
}

KVT_DECL void admit(store::session& store, std::string const& group, data::manifest const& m, existing on_existing) {
    if (!store::has_table<experiment_row>(store)) return;
    for (auto const& other : store::select<experiment_row>(store))
        if (other.exp_group_id != group)
            throw error{error_kind::mismatch, "database", "belongs to experiment group " + other.exp_group_id,
                        "the database of group " + group + " (see output.exp_group_id and db.path)"};
    for (auto const& row : store::select<dataset_row>(store)) {
        std::string problem;
        auto const differs = [&](std::string_view what, std::string const& before, std::string const& now) {
            if (problem.empty() && before != now)
                problem = "holds " + std::string{what} + " " + before + ", this configuration asks for " + now;
        };
        differs("dataset", row.dataset_id, m.dataset_id);
        differs("tokenizer", row.tokenizer_name.value_or(""), m.tokenizer.name);
        differs("token mode", row.token_mode.value_or(""), m.tokenizer.mode);
        if (store::count<run_row>(store, {{"exp_group_id", group}}) > 0)
            differs("manifest", row.manifest_hash.value_or(""), m.manifest_hash);
        if (problem.empty()) continue;
        if (on_existing == existing::refuse)
            throw error{error_kind::mismatch, "group " + group, problem, "the same, another output.exp_group_id, or --force"};
        forget_runs(store, group);
        forget_dataset(store, row.dataset_id);
    }
}

namespace detail {

KVT_DECL void write_dataset(store::session& store, data::manifest const& m, std::int64_t n_rows, std::string const& now) {
    store::upsert(store, dataset_row{m.dataset_id, m.dataset_name, m.task, m.tokenizer.name, now, m.tokenizer.mode,
                                     m.manifest_hash, n_rows});
    store::where const of_dataset{{"dataset_id", m.dataset_id}};
    bool const asked = store::count<request_row>(store, of_dataset) > 0;
    if (!asked) {  // a smaller selection must not leave stale rows behind
        store::erase<entry_row>(store, of_dataset);
        store::erase<bin_row>(store, of_dataset);
        store::erase<example_row>(store, of_dataset);
    }
    for (std::size_t i = 0; i < m.entries.size(); ++i) {
        auto const& e = m.examples[i];
        json answers = json::array{};
        for (auto const& a : e.answers) answers.push_back(a);
        store::upsert(store, example_row{e.example_id, m.dataset_id, e.question, e.context, dump(answers), dump(e.meta),
                                         m.entries[i].token_len});
    }
    for (auto const& bin : m.bin_edges) {
        auto const n = std::count_if(m.entries.begin(), m.entries.end(), [&](auto const& e) { return e.bin_idx == bin.bin_idx; });
        store::upsert(store, bin_row{m.dataset_id, bin.bin_idx, bin.token_min, bin.token_max, n});
    }
    for (std::size_t i = 0; i < m.entries.size(); ++i)
        store::upsert(store, entry_row{m.dataset_id, static_cast<std::int64_t>(i), m.entries[i].example_id, m.entries[i].bin_idx,
                                       m.entries[i].token_len});
}

}  // namespace detail

KVT_DECL void write_prepared(store::session& store, experiment const& settings, data::manifest const& m,
                             std::vector<std::pair<std::string, std::int64_t>> const& fresh, std::int64_t n_rows,
                             std::string const& manifest_path, std::string const& now) {
    create_all(store);
    store::transaction(store, [&] {
        if (!store::first<experiment_row>(store, {{"exp_group_id", settings.group}}))
            store::insert(store, experiment_row{settings.group, now, settings.config_yaml, settings.git_hash, settings.notes,
                                                settings.config_hash});
        detail::write_dataset(store, m, n_rows, now);
        for (auto const& [hash, n] : fresh) store::upsert(store, token_cache_row{m.tokenizer.key(), hash, n});
        data::write_manifest(manifest_path, m);
    });
}

}  // namespace kvt::inline KVT_ABI::harness
