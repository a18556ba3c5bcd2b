// The manifest: which prompts an experiment asks, in which bins, by whose count, and the hash that names it (spec G).
#pragma once

#include <kvt/config/paths.hpp>
#include <kvt/data/example.hpp>
#include <kvt/data/sampling.hpp>
#include <kvt/data/tokenizer.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// One prompt; its position in the manifest is its entry_idx.
struct manifest_entry {
    std::string example_id;
    std::int64_t bin_idx = 0, token_len = 0;
};
KVT_RECORD(manifest_entry, example_id, bin_idx, token_len);

/// `examples` runs parallel to `entries`. `per_bin_n` is empty unless the selection had focus bins.
struct manifest {
    std::string dataset_id{}, dataset_name{}, task{};
    tokenizer_identity tokenizer{};
    std::int64_t n_bins = 0, n_per_bin = 0;
    std::vector<bin_edge> bin_edges{};
    std::vector<manifest_entry> entries{};
    std::vector<example> examples{};
    std::vector<std::int64_t> per_bin_n{};
    std::string prompt_template_version{};
    json selection{};  ///< rule and parameters
    std::string manifest_hash{};
};

using config::dataset_id;

/// SHA-256 (64 hex digits) of the canonical JSON of bin_edges, dataset_id, entries, token_mode and tokenizer_name.
[[nodiscard]] std::string hash_of(manifest const& m);

/// Rule and parameters of a selection as the manifest records them.
[[nodiscard]] json describe(sampling const& how);

namespace detail {
[[nodiscard]] manifest assemble(std::string_view dataset, std::string_view task, std::span<example const> examples,
                                std::span<std::int64_t const> lengths, data::selection const& chosen,
                                tokenizer_identity tokenizer, json rule);
[[nodiscard]] std::vector<std::string_view> ids_of(std::span<example const> examples);
}  // namespace detail

/// Chooses among examples whose lengths run parallel. Ids must be unique. `prompt_template_version` stays empty.
template <binning B>
[[nodiscard]] manifest build_manifest(std::string_view dataset, std::string_view task,
                                      std::span<example const> examples, std::span<std::int64_t const> lengths,
                                      tokenizer_identity tokenizer, B const& bins, sampling const& how) {
    auto const chosen = select(how, bins, detail::ids_of(examples), lengths);
    return detail::assemble(dataset, task, examples, lengths, chosen, std::move(tokenizer), describe(how));
}

/// The manifest as JSON, keys in the order of the file.
[[nodiscard]] json manifest_json(manifest const& m);
/// Reads it back; throws `error{malformed}` naming the key of `where` that is wrong, also where entries, bins, examples
/// and counts disagree, and `error{mismatch}` where the hash is not that of the content.
[[nodiscard]] manifest manifest_from_json(json const& source, std::string_view where = "manifest");

/// Writes two-space JSON, whole or not at all; throws `error{io}`.
void write_manifest(std::string const& path, manifest const& m);
/// Reads and checks a file; throws `error{missing|io|malformed|mismatch}` naming it.
[[nodiscard]] manifest read_manifest(std::string const& path);

/// What the person who made the selection should know: rows of unseeded selections are the shortest of every bin, and
/// `approx_v1` does not see the length of texts without spaces.
[[nodiscard]] std::vector<std::string> cautions(std::span<example const> examples, tokenizer_identity const& tokenizer,
                                                sampling const& how);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/manifest.ipp>
#endif
