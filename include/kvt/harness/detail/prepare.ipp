#pragma once

#include <kvt/config/yaml.hpp>
#include <kvt/core/json_path.hpp>
#include <kvt/harness/clean.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/prepare.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<std::pair<std::string, std::int64_t>> cached_counts(store::session& store,
                                                                         std::string const& key) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    if (!store::has_table<token_cache_row>(store)) return out;
    for (auto const& row : store::select<token_cache_row>(store, {{"tokenizer", key}}))
        out.emplace_back(row.text_sha256, row.n);
    std::sort(out.begin(), out.end());
    return out;
}

KVT_DECL void refuse_foreign(store::session& store) {
    auto const tables = store.tables();
    if (!tables.empty() && !store::has_table<experiment_row>(store))
        throw error{error_kind::mismatch, "database", "holds other tables (" + tables.front() + ") and no experiment",
                    "a file of its own (db.path)"};
}

KVT_DECL std::string over_cap(data::manifest const& m, std::optional<std::int64_t> cap) {
    if (!cap) return {};
    auto const n = std::count_if(m.entries.begin(), m.entries.end(), [&](auto const& e) { return e.token_len > *cap; });
    if (n == 0) return {};
    return fmt::format("{} of {} prompts are longer than the prompt cap of {} tokens and will not be sent; see "
                       "model.max_model_len and run.runtime_prompt_cap",
                       n, m.entries.size(), *cap);
}

namespace detail {

inline std::string answers_text(data::example const& e) {
    json answers = json::array{};
    for (auto const& a : e.answers) answers.push_back(a);
    return dump(answers);
}

/// The first example whose texts are not those that were asked and scored; empty where there is none. Ids and lengths, and
/// so the manifest's hash, may be the same all the while.
KVT_DECL std::string changed_example(store::session& store, data::manifest const& m) {
    std::unordered_map<std::string, example_row> stored;
    for (auto& row : store::select<example_row>(store, {{"dataset_id", m.dataset_id}})) {
        auto id = row.example_id;
        stored.emplace(std::move(id), std::move(row));
    }
    for (auto const& e : m.examples) {
        auto const row = stored.find(e.example_id);
        if (row == stored.end()) continue;
        auto const& was = row->second;
        auto const* part = was.question != e.question            ? "question"
                           : was.context != e.context            ? "context"
                           : was.answers_json != answers_text(e) ? "answers"
                                                                 : nullptr;
        if (part != nullptr) return fmt::format("was asked example {}, whose {} changed since", e.example_id, part);
    }
    return {};
}

/// What answers depend on in a stored configuration, key by key. Policies and budgets are the runs' own.
KVT_DECL std::vector<std::pair<std::string, std::string>> inference_settings(std::string const& yaml) {
    auto const all = config::parse_yaml(yaml, "config_yaml");
    std::vector<std::pair<std::string, std::string>> out;
    for (std::string_view const key :
         {"model.name", "engine.type", "engine.api", "engine.base_url", "engine.model_dir", "engine.request.extra_body",
          "engine.mock", "model.max_model_len", "run.runtime_prompt_cap", "run.prompt_buffer", "kv.mode",
          "kv.question_mode", "kv.seed", "decoding.temperature", "decoding.max_tokens", "decoding.seed",
          "generation.max_tokens", "prompt.template"})
        out.emplace_back(key,
                         value_at(all, key) != nullptr ? dump(*value_at(all, key), json_style::canonical) : "null");
    return out;
}

}  // namespace detail

KVT_DECL void admit(store::session& store, experiment const& settings, data::manifest const& m, existing on_existing) {
    for (auto const& other : store::select<experiment_row>(store))
        if (other.exp_group_id != settings.group)
            throw error{error_kind::mismatch, "database", "belongs to experiment group " + other.exp_group_id,
                        "the database of group " + settings.group + " (see output.exp_group_id and db.path)"};
    std::string problem;
    auto const differs = [&](std::string_view what, std::string const& before, std::string const& now) {
        if (problem.empty() && before != now)
            problem = fmt::format("holds {} {}, this configuration asks for {}", what, before, now);
    };
    auto const datasets = store::select<dataset_row>(store);
    bool const ran = store::count<run_row>(store, {{"exp_group_id", settings.group}}) > 0;
    for (auto const& row : datasets) {
        differs("dataset", row.dataset_id, m.dataset_id);
        differs("tokenizer", row.tokenizer_name.value_or(""), m.tokenizer.name);
        differs("token mode", row.token_mode.value_or(""), m.tokenizer.mode);
        if (ran) differs("manifest", row.manifest_hash.value_or(""), m.manifest_hash);
    }
    if (ran && problem.empty()) problem = detail::changed_example(store, m);
    auto const stored = store::first<experiment_row>(store, {{"exp_group_id", settings.group}});
    if (ran && stored && stored->config_yaml.value_or("") != settings.config_yaml && !settings.config_yaml.empty()) {
        auto const before = detail::inference_settings(stored->config_yaml.value_or(""));
        auto const now = detail::inference_settings(settings.config_yaml);
        for (std::size_t i = 0; i < now.size(); ++i)
            differs("runs with " + now[i].first, before[i].second, now[i].second);
    }
    if (problem.empty()) return;
    if (on_existing == existing::refuse)
        throw error{error_kind::mismatch, "group " + settings.group, problem,
                    "the same, another output.exp_group_id, or --force"};
    forget_runs(store, settings.group);
    for (auto const& row : datasets) forget_dataset(store, row.dataset_id);
}

namespace detail {

KVT_DECL void write_dataset(store::session& store, data::manifest const& m, std::int64_t n_rows,
                            std::string const& now) {
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
        store::upsert(store, example_row{e.example_id, m.dataset_id, e.question, e.context, answers_text(e),
                                         dump(e.meta), m.entries[i].token_len});
    }
    for (auto const& bin : m.bin_edges) {
        auto const n =
            std::count_if(m.entries.begin(), m.entries.end(), [&](auto const& e) { return e.bin_idx == bin.bin_idx; });
        store::upsert(store, bin_row{m.dataset_id, bin.bin_idx, bin.token_min, bin.token_max, n});
    }
    for (std::size_t i = 0; i < m.entries.size(); ++i)
        store::upsert(store, entry_row{m.dataset_id, static_cast<std::int64_t>(i), m.entries[i].example_id,
                                       m.entries[i].bin_idx, m.entries[i].token_len});
}

}  // namespace detail

KVT_DECL void write_prepared(store::session& store, experiment const& settings, data::manifest const& m,
                             std::vector<std::pair<std::string, std::int64_t>> const& fresh, std::int64_t n_rows,
                             std::string const& manifest_path, std::string const& now) {
    store::where const of_group{{"exp_group_id", settings.group}};
    auto const stored = store::first<experiment_row>(store, of_group);
    if (!stored || store::count<run_row>(store, of_group) == 0)
        store::upsert(store, experiment_row{settings.group, stored ? stored->created_at : now, settings.config_yaml,
                                            settings.git_hash, settings.notes, settings.config_hash});
    detail::write_dataset(store, m, n_rows, now);
    for (auto const& [hash, n] : fresh) store::upsert(store, token_cache_row{m.tokenizer.key(), hash, n});
    data::write_manifest(manifest_path, m);
}

}  // namespace kvt::inline KVT_ABI::harness
