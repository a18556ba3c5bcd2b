#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/text/unicode.hpp>

#include <array>
#include <unordered_map>

namespace kvt::inline KVT_ABI::data {

namespace detail {

inline constexpr std::int64_t manifest_schema = 1;

template <record R> json list_of(std::vector<R> const& records) {
    json::array items;
    items.reserve(records.size());
    for (auto const& r : records) items.push_back(kvt::to_json(r));
    return items;
}
template <record R> std::vector<R> records_of(json const& list, std::string const& where) {
    std::vector<R> records;
    for (auto const& item : list.items())
        records.push_back(from_json<R>(item, where + "[" + std::to_string(records.size()) + "]"));
    return records;
}
KVT_DECL json integers(std::vector<std::int64_t> const& values) { return json::array(values.begin(), values.end()); }

KVT_DECL std::vector<std::string_view> ids_of(std::span<example const> examples) {
    std::vector<std::string_view> ids;
    ids.reserve(examples.size());
    for (auto const& e : examples) ids.emplace_back(e.example_id);
    return ids;
}

KVT_DECL manifest assemble(std::string_view dataset, std::string_view task, std::span<example const> examples,
                           std::span<std::int64_t const> lengths, data::selection const& chosen,
                           tokenizer_identity tokenizer, json rule) {
    manifest m{
        .dataset_id = dataset_id(dataset, task), .dataset_name = std::string{dataset}, .task = std::string{task}};
    m.tokenizer = std::move(tokenizer);
    m.n_bins = static_cast<std::int64_t>(chosen.edges.size());
    m.n_per_bin = chosen.n_per_bin;
    m.bin_edges = chosen.edges;
    for (auto const& [row, bin] : chosen.rows) {
        m.entries.push_back({examples[row].example_id, bin, lengths[row]});
        m.examples.push_back(examples[row]);
    }
    m.per_bin_n = chosen.per_bin_n;
    m.selection = std::move(rule);
    m.manifest_hash = hash_of(m);
    return m;
}

/// Reads members of one object and names the one that is missing or of the wrong type.
struct manifest_members {
    json const& source;
    std::string_view where;

    [[nodiscard]] std::string key(std::string_view name) const { return std::string{where} + "." + std::string{name}; }
    [[nodiscard]] json const& at(std::string_view name) const {
        if (auto const* found = source.find(name)) return *found;
        throw error{error_kind::malformed, key(name), "missing"};
    }
    [[nodiscard]] std::string text(std::string_view name) const {
        return read(name, &json::is_text, "a string").text();
    }
    [[nodiscard]] std::int64_t integer(std::string_view name) const {
        return read(name, &json::is_integer, "an integer").integer();
    }
    [[nodiscard]] json const& list(std::string_view name) const { return read(name, &json::is_array, "a list"); }
    [[nodiscard]] json const& object(std::string_view name) const { return read(name, &json::is_object, "a mapping"); }

  private:
    [[nodiscard]] json const& read(std::string_view name, bool (json::*is)() const, char const* expected) const {
        auto const& value = at(name);
        if (!(value.*is)())
            throw error{error_kind::malformed, key(name), "found " + std::string{value.type_name()}, expected};
        return value;
    }
};

/// Entries with their examples; the file keys the examples by id.
KVT_DECL void read_examples(manifest_members const& in, manifest& m) {
    std::unordered_map<std::string_view, json const*> by_id;
    for (auto const& [id, value] : in.object("examples").members()) by_id.emplace(id, &value);
    for (std::size_t i = 0; i < m.entries.size(); ++i) {
        auto const& entry = m.entries[i];
        auto const where = in.key("entries[" + std::to_string(i) + "]");
        if (entry.bin_idx < 0 || entry.bin_idx >= m.n_bins)
            throw error{error_kind::malformed, where, "bin " + std::to_string(entry.bin_idx) + " does not exist"};
        auto const found = by_id.find(entry.example_id);
        if (found == by_id.end())
            throw error{error_kind::malformed, where,
                        "example \"" + entry.example_id + "\" occurs twice or is missing"};
        m.examples.push_back(from_json<example>(*found->second, in.key("examples." + entry.example_id)));
        m.examples.back().example_id = entry.example_id;
        by_id.erase(found);
    }
    if (!by_id.empty())
        throw error{error_kind::malformed, in.key("examples"),
                    std::to_string(by_id.size()) + " examples belong to no entry"};
}

}  // namespace detail

KVT_DECL std::string hash_of(manifest const& m) {
    return sha256_hex(dump(json::of({{"bin_edges", detail::list_of(m.bin_edges)},
                                     {"dataset_id", m.dataset_id},
                                     {"entries", detail::list_of(m.entries)},
                                     {"token_mode", m.tokenizer.mode},
                                     {"tokenizer_name", m.tokenizer.name}}),
                           json_style::canonical));
}

KVT_DECL json describe(sampling const& how) {
    json out;
    if (!how.pinned_entry_indices.empty()) {
        out["rule"] = "pins";
        out["pinned_entry_indices"] = detail::integers(how.pinned_entry_indices);
    } else if (!how.sanity_slices.empty()) {
        out["rule"] = "slices";
        out["sanity_slices"] = detail::list_of(how.sanity_slices);
    } else {
        out["rule"] = how.focus ? "focus_transition" : "uniform";
        if (how.focus) out["focus"] = kvt::to_json(*how.focus);
        else out["n_per_bin"] = how.n_per_bin ? json{*how.n_per_bin} : json{};
        out["seed"] = how.seed ? json{*how.seed} : json{};
    }
    out["max_token_len"] = how.max_token_len ? json{*how.max_token_len} : json{};
    out["max_prompt_tokens"] = how.max_prompt_tokens ? json{*how.max_prompt_tokens} : json{};
    return out;
}

KVT_DECL json manifest_json(manifest const& m) {
    json::object examples;
    examples.reserve(m.examples.size());
    for (auto const& e : m.examples) {
        json body = kvt::to_json(e);
        body.erase("example_id");
        examples.emplace_back(e.example_id, std::move(body));
    }
    json out = json::of({{"dataset_id", m.dataset_id},
                         {"dataset_name", m.dataset_name},
                         {"task", m.task},
                         {"tokenizer_name", m.tokenizer.name},
                         {"n_bins", m.n_bins},
                         {"n_per_bin", m.n_per_bin},
                         {"n_examples", m.entries.size()},
                         {"bin_edges", detail::list_of(m.bin_edges)},
                         {"entries", detail::list_of(m.entries)},
                         {"examples", std::move(examples)}});
    if (!m.per_bin_n.empty()) out["per_bin_n"] = detail::integers(m.per_bin_n);
    out["schema_version"] = detail::manifest_schema;
    out["token_mode"] = m.tokenizer.mode;
    out["prompt_template_version"] = m.prompt_template_version;
    out["selection"] = m.selection;
    out["manifest_hash"] = m.manifest_hash;
    return out;
}

KVT_DECL manifest manifest_from_json(json const& source, std::string_view where) {
    detail::manifest_members const in{source, where};
    if (auto const version = in.integer("schema_version"); version != detail::manifest_schema)
        throw error{error_kind::mismatch, in.key("schema_version"), std::to_string(version),
                    std::to_string(detail::manifest_schema)};
    manifest m{.dataset_id = in.text("dataset_id"), .dataset_name = in.text("dataset_name"), .task = in.text("task")};
    m.tokenizer = {in.text("tokenizer_name"), in.text("token_mode")};
    m.n_bins = in.integer("n_bins");
    m.n_per_bin = in.integer("n_per_bin");
    m.bin_edges = detail::records_of<bin_edge>(in.list("bin_edges"), in.key("bin_edges"));
    m.entries = detail::records_of<manifest_entry>(in.list("entries"), in.key("entries"));
    auto const agree = [&](std::string_view name, std::int64_t stated, std::size_t actual) {
        if (stated != static_cast<std::int64_t>(actual))
            throw error{error_kind::malformed, in.key(name), std::to_string(stated),
                        std::to_string(actual) + ", as listed"};
    };
    agree("n_bins", m.n_bins, m.bin_edges.size());
    agree("n_examples", in.integer("n_examples"), m.entries.size());
    for (std::size_t i = 0; i < m.bin_edges.size(); ++i) agree("bin_edges", m.bin_edges[i].bin_idx, i);
    detail::read_examples(in, m);
    if (source.find("per_bin_n") != nullptr)
        for (auto const& n : in.list("per_bin_n").items()) {
            if (!n.is_integer())
                throw error{error_kind::malformed, in.key("per_bin_n"), "found " + dump(n), "integers"};
            m.per_bin_n.push_back(n.integer());
        }
    m.prompt_template_version = in.text("prompt_template_version");
    m.selection = in.at("selection");
    m.manifest_hash = in.text("manifest_hash");
    if (auto const actual = hash_of(m); actual != m.manifest_hash)
        throw error{error_kind::mismatch, in.key("manifest_hash"), m.manifest_hash,
                    actual + ", the hash of the content"};
    return m;
}

KVT_DECL void write_manifest(std::string const& path, manifest const& m) {
    write_file(path, dump(manifest_json(m), json_style::pretty) + "\n");
}

KVT_DECL manifest read_manifest(std::string const& path) { return manifest_from_json(read_json_file(path), path); }

KVT_DECL std::vector<std::string> cautions(std::span<example const> examples, tokenizer_identity const& tokenizer,
                                           sampling const& how) {
    std::vector<std::string> out;
    constexpr double many = 0.3;
    if (tokenizer.mode.starts_with("approx_v1"))
        if (auto const share = ideograph_share(examples); share > many)
            out.push_back(
                fixed(100 * share, 0) +
                "% of the characters belong to scripts without spaces, which approx_v1 counts as few words; use "
                "tokenizer.mode: approx_v2");
    bool const by_bins = how.pinned_entry_indices.empty() && how.sanity_slices.empty();
    if (by_bins && !how.seed)
        out.emplace_back(
            "dataset.seed is null: every bin gives its shortest prompts, which narrows the contrast between bins");
    return out;
}

}  // namespace kvt::inline KVT_ABI::data
