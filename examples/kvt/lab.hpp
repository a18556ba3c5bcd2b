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

/// The choice of the same name in another list of choices: settings are read without the libraries that they choose for.
template <class To, class From> To same_name(From from) {
    auto const found = kvt::choice_of<To>(kvt::name_of(from));
    if (!found)
        throw kvt::error{kvt::error_kind::work, std::string{kvt::name_of(from)},
                         "settings and library disagree about this choice"};
    return *found;
}

/// A file or folder that ships with kvt: below the root where it is there, else beside the installed program.
std::string shipped(kvt::config::paths const& paths, std::string const& path);

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
    /// Visits everything the configuration names; throws where a name or one of its parameters is unknown.
    void check_names();

    /// The error with the place in the file where the key it names was set.
    [[nodiscard]] kvt::error located(kvt::error const& e) const;
    /// Holds the group's run folder against a second process that changes it, until this one ends.
    void lock();

    options const& o;
    kvt::config::paths paths;
    kvt::config::loaded loaded;
    kvt::run_context ctx;

  private:
    int lock_ = -1;  ///< the run folder, opened
};

/// Calls `body(lab)`; errors about a key say where it was set.
template <class Body> int on_experiment(options const& o, Body&& body) {
    lab l{o};
    try {
        return body(l);
    } catch (kvt::error const& e) {
        throw l.located(e);
    }
}

/// prepare, run, score, analyze and report, each skipped where it is done already.
void whole_experiment(lab& l);

/// Calls `f(source)` with the configured source. Generated ones take the parameters below `dataset.<source>`, the others
/// read files.
template <class F> auto with_source(lab& l, F&& f) {
    auto const& d = l.settings().dataset;
    auto const* own = l.loaded.resolved.at("dataset").find(d.source);
    bool const generated = d.source == "recall" || d.source == "constructed_lookup";
    kvt::json parameters = generated && own != nullptr && own->is_object() ? *own : kvt::json{kvt::json::object{}};
    parameters["dataset"] = d.name;
    parameters["task"] = d.task;
    if (!generated) {
        parameters["on_duplicate"] = kvt::name_of(d.on_duplicate);
        parameters["rows"] =
            kvt::json::of({{"on_bad_row", l.o.skip_bad || l.settings().run.skip_bad ? "skip" : "stop"}});
        if (d.path) parameters["path"] = l.paths.below(*d.path);
        if (d.source != "jsonl") parameters["root"] = l.o.cache_dir.empty() ? l.paths.raw_dir(d.name) : l.o.cache_dir;
    }
    return kvt::data::sources::visit(d.source, parameters, "dataset.source", std::forward<F>(f));
}

/// Calls `f(bins)` with the configured binning.
template <class F> auto with_bins(lab& l, F&& f) {
    auto const& b = l.settings().binning;
    auto parameters = kvt::json::of({{"n_bins", b.n_bins}});
    if (b.type == "fixed") {
        if (!b.ends)
            throw kvt::error{kvt::error_kind::usage, "binning.ends", "missing",
                             "the last length of each bin, because binning.type is fixed"};
        parameters = kvt::json::of({{"ends", kvt::json{kvt::json::array(b.ends->begin(), b.ends->end())}}});
    }
    return kvt::data::binnings::visit(b.type, parameters, "binning.type", std::forward<F>(f));
}

/// Calls `f(counter)` with the configured token counter.
template <class F> auto with_counter(lab& l, F&& f) {
    auto const& mode = l.settings().tokenizer.mode;
    auto const model = kvt::json::of({{"model", kvt::config::tokenizer_name_of(l.settings())}});
    return kvt::data::tokenizers::visit(mode, model, "tokenizer.mode", std::forward<F>(f));
}

}  // namespace cli
