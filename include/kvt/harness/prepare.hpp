// prepare: start -> prepared. A source's examples, counted, binned and chosen, as a manifest in file and store.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/data/source.hpp>
#include <kvt/data/tokenizer.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/prompt.hpp>
#include <kvt/store/session.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What happens to a group that already holds another dataset, or runs over another manifest. `refuse`: an error that
/// says what differs. `replace`: its runs and its dataset are removed first.
enum class existing : std::uint8_t { refuse, replace };
KVT_CHOICE(existing, "refuse", "replace");

struct prepare_options {
    data::sampling sampling{};
    std::string prompt_template = "qa";
    std::string manifest_path{};  ///< empty: `manifest.json` in the experiment's folder
    existing on_existing = existing::refuse;
};
KVT_RECORD(prepare_options, sampling, prompt_template, manifest_path, on_existing);

/// Lengths of the examples, taken from the store's token cache where it knows the text, and added to it where not yet.
/// `count(text)` counts; `key` names the tokenizer.
struct counted {
    std::vector<std::int64_t> lengths;
    std::vector<std::pair<std::string, std::int64_t>> fresh;  ///< (SHA-256 of the text, tokens) to be cached
};

/// Refuses, or under `replace` makes room for, what the group already holds (spec H2); writes nothing under `refuse`.
void admit(store::session& store, std::string const& group, data::manifest const& m, existing on_existing);

/// Writes experiment, dataset, examples, bins, entries and new token counts in one transaction, the file within it.
void write_prepared(store::session& store, experiment const& settings, data::manifest const& m,
                    std::vector<std::pair<std::string, std::int64_t>> const& fresh, std::int64_t n_rows,
                    std::string const& manifest_path, std::string const& now);

/// What the token cache knows under that key, by SHA-256 of the text.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> cached_counts(store::session& store, std::string const& key);

/// Reads everything, then guards, then writes: a dataset that cannot be read leaves no trace.
template <data::source Source, data::token_counter Counter, data::binning Bins> class prepare {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "prepare";

    explicit prepare(Source source, Counter counter, Bins bins, prepare_options options = {})
        : source_{std::move(source)}, counter_{std::move(counter)}, bins_{std::move(bins)}, options_{std::move(options)} {}

    prepared operator()(run_context& ctx, start) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto const* found = ctx.find<experiment>();
        auto const settings = found != nullptr ? *found : experiment{};
        auto const examples = source_.load(ctx);
        auto const counts = count_all(ctx, db, examples);
        auto m = data::build_manifest(source_.dataset, source_.task, examples, counts.lengths, counter_.identity(), bins_,
                                      options_.sampling);
        m.prompt_template_version = template_version(options_.prompt_template);
        for (auto const& line : data::cautions(examples, counter_.identity(), options_.sampling))
            ctx.progress.say("warning: " + line);
        admit(db, settings.group, m, options_.on_existing);
        auto const path = options_.manifest_path.empty() ? settings.folder() + "/manifest.json" : options_.manifest_path;
        write_prepared(db, settings, m, counts.fresh, static_cast<std::int64_t>(examples.size()), path, ctx.utc_now());
        ctx.wrote(path);
        return {settings.group, m.dataset_id};
    }

  private:
    [[nodiscard]] counted count_all(run_context& ctx, store::session& db, std::vector<data::example> const& examples) const {
        auto known = cached_counts(db, counter_.identity().key());
        auto task = ctx.progress.begin("count tokens", examples.size(), "examples");
        counted out;
        for (auto const& e : examples) {
            auto const hash = sha256_hex(e.context + "\n\n" + e.question);
            auto const at = std::lower_bound(known.begin(), known.end(), std::pair{hash, std::int64_t{-1}});
            if (at != known.end() && at->first == hash) out.lengths.push_back(at->second);
            else out.fresh.emplace_back(hash, out.lengths.emplace_back(data::prompt_length(counter_, e)));
            task.advance();
        }
        return out;
    }

    Source source_;
    Counter counter_;
    Bins bins_;
    prepare_options options_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/prepare.ipp>
#endif
