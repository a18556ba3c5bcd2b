// prepare: start -> prepared. A source's examples, counted, binned and chosen, as a manifest in file and store.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/data/source.hpp>
#include <kvt/data/tokenizer.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/prompt.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <algorithm>
#include <optional>
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
    std::string manifest_path{};  ///< beside `manifest.json` in the experiment's folder; empty: only there
    existing on_existing = existing::refuse;
    std::optional<text::chat_overhead> chat{};  ///< lengths of conversations, messages and all, instead of bare prompts
    std::optional<std::int64_t> prompt_cap{};   ///< longer prompts will not be sent: they are counted in a warning
};
KVT_RECORD(prepare_options, sampling, prompt_template, manifest_path, on_existing, chat, prompt_cap);

/// Lengths of the examples, taken from the store's token cache where it knows the text, and added to it where not yet.
struct counted {
    std::vector<std::int64_t> lengths;
    std::vector<std::pair<std::string, std::int64_t>> fresh;  ///< (SHA-256 of the text, tokens) to be cached
};

/// Refuses, or under `replace` makes room for, what the group already holds (spec H2): another group's database, another
/// dataset or tokenizer, runs over another manifest, runs made under settings that answers depend on.
void admit(store::session& store, experiment const& settings, data::manifest const& m, existing on_existing);

/// Writes experiment, dataset, examples, bins, entries and new token counts, and the file. The snapshot of the configuration
/// is kept while the group has runs.
void write_prepared(store::session& store, experiment const& settings, data::manifest const& m,
                    std::vector<std::pair<std::string, std::int64_t>> const& fresh, std::int64_t n_rows,
                    std::string const& manifest_path, std::string const& now);

/// A warning where entries are longer than the cap, else empty.
[[nodiscard]] std::string over_cap(data::manifest const& m, std::optional<std::int64_t> cap);

/// Throws `error{mismatch}` where the database holds tables and none of an experiment.
void refuse_foreign(store::session& store);

/// What the token cache knows under that key, by SHA-256 of the text.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> cached_counts(store::session& store,
                                                                              std::string const& key);

/// Reads everything, then guards, then writes: a dataset that cannot be read leaves no trace.
template <data::source Source, data::token_counter Counter, data::binning Bins> class prepare {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "prepare";

    explicit prepare(Source source, Counter counter, Bins bins, prepare_options options = {})
        : source_{std::move(source)}, counter_{std::move(counter)}, bins_{std::move(bins)}, options_{
                                                                                                std::move(options)} {}

    prepared operator()(run_context& ctx, start) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto const* found = ctx.find<experiment>();
        auto const settings = found != nullptr ? *found : experiment{};
        auto const examples = source_.load(ctx);
        auto const counts = count_all(ctx, db, examples);
        auto m = data::build_manifest(source_.dataset, source_.task, examples, counts.lengths, identity(), bins_,
                                      options_.sampling);
        m.prompt_template_version = template_version(options_.prompt_template);
        auto cautions = data::cautions(examples, counter_.identity(), options_.sampling);
        if (auto line = over_cap(m, options_.prompt_cap); !line.empty()) cautions.push_back(std::move(line));
        for (auto const& line : cautions) ctx.progress.say("WARN: " + line);
        auto const own = settings.folder() + "/manifest.json";
        refuse_foreign(db);
        create_all(db);
        store::transaction(db, [&] {
            admit(db, settings, m, options_.on_existing);
            write_prepared(db, settings, m, counts.fresh, static_cast<std::int64_t>(examples.size()), own,
                           ctx.utc_now());
            if (!options_.manifest_path.empty()) data::write_manifest(options_.manifest_path, m);
        });
        ctx.wrote(options_.manifest_path.empty() ? own : options_.manifest_path);
        return {settings.group, m.dataset_id};
    }

  private:
    /// Whose count it is; conversations are counted by another rule than bare prompts.
    [[nodiscard]] data::tokenizer_identity identity() const {
        auto out = counter_.identity();
        if (options_.chat) out.mode += "+chat";
        return out;
    }
    /// What is counted, as the token cache knows it, and its length.
    [[nodiscard]] std::string counted_text(data::example const& e) const {
        if (!options_.chat) return e.context + "\n\n" + e.question;
        return dump(
            json::list({to_json(*options_.chat), options_.prompt_template, render(options_.prompt_template, e).text}));
    }
    [[nodiscard]] std::int64_t length_of(data::example const& e) const {
        if (!options_.chat) return data::prompt_length(counter_, e);
        return chat_length(counter_, render(options_.prompt_template, e), *options_.chat);
    }

    [[nodiscard]] counted count_all(run_context& ctx, store::session& db,
                                    std::vector<data::example> const& examples) const {
        auto known = cached_counts(db, identity().key());
        auto task = ctx.progress.begin("count tokens", examples.size(), "examples");
        counted out;
        for (auto const& e : examples) {
            auto const hash = sha256_hex(counted_text(e));
            auto const at = std::lower_bound(known.begin(), known.end(), std::pair{hash, std::int64_t{-1}});
            if (at != known.end() && at->first == hash) out.lengths.push_back(at->second);
            else out.fresh.emplace_back(hash, out.lengths.emplace_back(length_of(e)));
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
