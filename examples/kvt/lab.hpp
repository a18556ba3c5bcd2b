// A loaded configuration turned into the library's policies and stages: the one place where settings meet types.
#pragma once

#include "options.hpp"

#include <kvt/cache/sweep.hpp>
#include <kvt/config/load.hpp>
#include <kvt/config/paths.hpp>
#include <kvt/core/context.hpp>
#include <kvt/data/policies.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/prepare.hpp>
#include <kvt/harness/run_options.hpp>
#include <kvt/store/sqlite.hpp>

#include <string>

namespace cli {

/// Everything a command on one experiment works with.
class lab {
  public:
    /// Loads and checks the configuration (`-c`, overrides, environment); prints its warnings. Touches no other file.
    explicit lab(options const& o);

    /// Opens the group's database; `existing` refuses to make one.
    kvt::run_context& open(kvt::store::open_mode mode);
    [[nodiscard]] kvt::store::session& store();

    [[nodiscard]] kvt::config::settings const& settings() const { return loaded.settings; }
    [[nodiscard]] std::string const& group() const { return settings().output.exp_group_id; }
    [[nodiscard]] std::string run_dir() const { return paths.run_dir(group()); }
    [[nodiscard]] std::string database() const { return paths.db_path(group(), settings().db.path); }
    [[nodiscard]] std::string manifest_path() const;

    [[nodiscard]] kvt::harness::prepare_options prepare_options() const;
    [[nodiscard]] kvt::harness::run_options run_options() const;
    [[nodiscard]] kvt::harness::analyze_options analyze_options() const;
    [[nodiscard]] kvt::cache::sweep sweep() const;

    options const& o;
    kvt::config::paths paths;
    kvt::config::loaded loaded;
    kvt::run_context ctx;
};

/// Calls `f(source)` with the configured source.
template <class F> auto with_source(lab& l, F&& f) {
    auto const& d = l.settings().dataset;
    kvt::json parameters = d.source == "recall" && d.recall.is_object() ? d.recall : kvt::json{kvt::json::object{}};
    parameters["dataset"] = d.name;
    parameters["task"] = d.task;
    if (d.source != "recall") {
        parameters["on_duplicate"] = kvt::name_of(d.on_duplicate);
        parameters["rows"] = kvt::json::of({{"on_bad_row", l.o.skip_bad || l.settings().run.skip_bad ? "skip" : "stop"}});
        if (d.path) parameters["path"] = l.paths.below(*d.path);
        if (d.source != "jsonl") parameters["root"] = l.o.cache_dir.empty() ? l.paths.raw_dir(d.name) : l.o.cache_dir;
    }
    return kvt::data::sources::visit(d.source, parameters, "dataset.source", std::forward<F>(f));
}

/// Calls `f(counter)` with the configured token counter.
template <class F> auto with_counter(lab& l, F&& f) {
    auto const& mode = l.settings().tokenizer.mode;
    auto const model = kvt::json::of({{"model", kvt::config::tokenizer_name_of(l.settings())}});
    return kvt::data::tokenizers::visit(mode, model, "tokenizer.mode", std::forward<F>(f));
}

}  // namespace cli
