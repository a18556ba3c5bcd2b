// validate, resolve, prepare, score, analyze, report: the commands on one experiment that need no engine.
#include "commands.hpp"
#include "engines.hpp"
#include "lab.hpp"

#include <kvt/analysis/detectors.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/harness/score.hpp>
#include <kvt/harness/stage_cache.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/store/memory.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace cli {

int validate(options const& o) {
    kvt::config::paths const paths{kvt::config::find_root(o.root)};
    auto const checked = kvt::config::load(shipped(paths, "config/default.yaml"), o.config, o.overrides);
    for (auto const& issue : checked.errors) fmt::print(stderr, "kvt: {}\n", issue.line());
    if (!checked.errors.empty()) return 2;
    return on_experiment(o, [](lab& l) {
        l.check_names();
        check_engine(l);
        if (l.o.print_config) {
            fmt::print("{}", l.loaded.printed());
            for (auto const& [key, from] : l.loaded.origin)
                if (!from.starts_with(shipped(l.paths, "config/default.yaml"))) fmt::print("# {}: {}\n", key, from);
        }
        fmt::print("{}\n", l.loaded.warnings().empty() ? "OK" : "OK (with warnings)");
        return 0;
    });
}

int resolve(options const& o) {
    return on_experiment(o, [](lab& l) {
        fmt::print("exp_group_id={}\nrun_dir={}\ndb_path={}\n", l.group(), l.run_dir(), l.database());
        return 0;
    });
}

namespace {

void print_written(lab& l) {
    std::size_t plots = 0;
    for (auto const& path : l.ctx.written())
        if (std::filesystem::path{path}.parent_path().filename() == "plots") ++plots;
        else fmt::print("wrote {}\n", path);
    if (plots > 0) fmt::print("wrote {} plots in {}/plots\n", plots, l.run_dir());
}

/// Opens the database for a stage that writes its first rows; what was not there before is removed if the stage fails.
template <class F> auto from_scratch(lab& l, F&& f) {
    namespace fs = std::filesystem;
    fs::path const file = l.database();
    bool const file_there = fs::exists(file), folder_there = fs::exists(l.run_dir());
    auto const made_runs = !fs::exists(l.paths.runs_dir());
    try {
        l.lock();
        l.open(kvt::store::open_mode::create);
        return f();
    } catch (...) {
        l.ctx.provide(kvt::store::memory{});  // shadows the file's session
        std::error_code ignored;
        if (!file_there)
            for (auto const* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix, ignored);
        if (!folder_there) fs::remove(l.run_dir(), ignored);
        if (made_runs) fs::remove(l.paths.runs_dir(), ignored);
        throw;
    }
}

kvt::harness::prepared prepare_group(lab& l) {
    l.check_names();
    auto const chosen = l.prepare_options();
    check_engine(l);
    return from_scratch(l, [&] {
        return with_source(l, [&](auto source) {
            return with_counter(l, [&](auto counter) {
                return with_bins(l, [&](auto bins) {
                    return kvt::harness::prepare{source, counter, bins, chosen}(l.ctx, kvt::start{});
                });
            });
        });
    });
}

/// Calls `work()` unless the stage was run with this configuration on these inputs, and what it made is still `there`; named
/// by --from, or behind it, a stage is run all the same.
template <class Work> void unless_fresh(lab& l, std::string const& stage, std::string inputs, bool there, Work&& work) {
    kvt::harness::stage_cache_row const row{l.group(), stage, l.loaded.hash(), std::move(inputs), l.ctx.utc_now()};
    if (there && l.o.from.empty() && kvt::harness::is_fresh(l.store(), row)) {
        l.ctx.progress.say(stage + ": up to date");
        return;
    }
    work();
    kvt::store::upsert(l.store(), row);
}

void score_group(lab& l, kvt::harness::executed const& in) {
    auto const& s = l.settings().scoring;
    kvt::eval::token_f1 const f1{same_name<kvt::text::overlap>(s.f1_overlap)};
    auto& db = l.store();
    std::size_t requests = 0, scores = 0;
    for (auto const& run : in.runs) {
        requests += kvt::store::count<kvt::harness::request_row>(db, {{"run_id", run}});
        scores += kvt::store::count<kvt::harness::score_row>(db, kvt::harness::requests_of_run(run));
    }
    unless_fresh(l, "score", kvt::harness::score_inputs(db, in), requests == scores, [&] {
        if (s.primary_metric == kvt::config::primary_metric::em)
            (void)kvt::harness::score{kvt::eval::exact_match{}, f1}(l.ctx, in);
        else (void)kvt::harness::score{f1, kvt::eval::exact_match{}}(l.ctx, in);
    });
}

void analyze_group(lab& l) {
    auto const runs = kvt::harness::require_executed(l.store(), l.group(), kvt::harness::completeness::partial);
    auto const& s = l.settings().analysis;
    auto const options = l.analyze_options();
    kvt::numeric::bootstrap const interval{s.n_boot, s.alpha, s.seed, same_name<kvt::numeric::generator>(s.rng)};
    using namespace kvt::analysis;
    kvt::store::where const findings{{"exp_group_id", l.group()}, {"method", "findings"}};
    bool const there = kvt::store::count<kvt::harness::detector_row>(l.store(), findings) > 0;
    (void)kvt::harness::missing_scores(l.store(), l.group(), options.scores);
    unless_fresh(l, "analyze", kvt::harness::analyze_inputs(l.store(), runs), there, [&] {
        (void)kvt::harness::analyze{interval,
                                    mean_drop{s.drop_threshold},
                                    baseline_drop{s.drop_threshold},
                                    paired_bins{s.drop_threshold},
                                    mean_drop_all{s.drop_threshold},
                                    instability{},
                                    monotonicity{}}
            .with(options)(l.ctx, {runs});
    });
}

/// Whether everything that a report of the group consists of is in its folder.
bool report_is_there(lab& l) {
    auto const folder = l.run_dir() + "/";
    for (auto const* name : {"report.md", "report.html", "summary.json"})
        if (!kvt::file_exists(folder + name)) return false;
    try {
        auto const summary = kvt::read_json_file(folder + "summary.json");
        auto const* plots = summary.find("plots");
        return plots != nullptr && std::all_of(plots->items().begin(), plots->items().end(), [&](auto const& plot) {
                   return kvt::file_exists(folder + plot.text());
               });
    } catch (kvt::error const&) {
        return false;  // damaged: it is written anew
    }
}

void report_group(lab& l) {
    auto const ready = kvt::harness::require_analyzed(l.store(), l.group());
    if (!l.o.allow_partial)
        if (auto const found = kvt::harness::read_report_input(l.store(), l.group()).found; found.partial)
            throw kvt::error{kvt::error_kind::missing, "group " + l.group(), found.missing.front(),
                             "`kvt run --resume` and `kvt score` first, or --allow-partial"};
    auto const inputs = kvt::harness::report_inputs_hash(l.store(), l.group()) + l.o.fixed_time;
    unless_fresh(l, "report", inputs, report_is_there(l), [&] {
        (void)kvt::harness::report{kvt::report::markdown{}, kvt::report::html{}}(l.ctx, ready);
    });
}

/// The group's runs, or the one that was named.
kvt::harness::executed chosen_runs(lab& l) {
    auto runs = kvt::harness::require_executed(l.store(), l.group(), kvt::harness::completeness::partial);
    if (l.o.run_id.empty()) return runs;
    if (std::find(runs.runs.begin(), runs.runs.end(), l.o.run_id) == runs.runs.end()) {
        auto const near = kvt::nearest_name(l.o.run_id, runs.runs);
        throw kvt::error{kvt::error_kind::usage, "--run-id",
                         "group " + l.group() + " has no run " + l.o.run_id +
                             (near.empty() ? "" : " (did you mean " + near + "?)")};
    }
    runs.runs = {l.o.run_id};
    return runs;
}

void print_scores(lab& l, kvt::harness::executed const& in) {
    for (auto const& run : in.runs) {
        std::int64_t scored = 0;
        std::map<std::string, std::int64_t> reasons;
        for (auto const& s :
             kvt::store::select<kvt::harness::score_row>(l.store(), kvt::harness::requests_of_run(run))) {
            if (s.scorable == 1) ++scored;
            else ++reasons[s.reason.value_or("")];
        }
        fmt::print("{}: {} scored", run, scored);
        for (auto const& [reason, n] : reasons) fmt::print(", {} {}", n, reason);
        fmt::print("\n");
    }
}

/// Says how many requests failed and what was the matter most often; they are rows, and no reason to stop (spec A5).
void warn_of_failures(lab& l) {
    struct cause {
        std::size_t n = 0;
        std::string example;
    };
    std::size_t requests = 0, failed = 0;
    std::map<std::string, cause> causes;
    for (auto const& run : kvt::harness::group_runs(l.store(), l.group())) {
        auto const of_run = kvt::harness::requests_of_run(run.run_id);
        requests += kvt::store::count<kvt::harness::request_row>(l.store(), {{"run_id", run.run_id}});
        for (auto const& f : kvt::store::select<kvt::harness::failure_row>(l.store(), of_run)) {
            auto& same = causes[f.error_type.value_or("no label")];
            if (same.n++ == 0) same.example = f.message.value_or("");
            ++failed;
        }
    }
    if (failed == 0) return;
    auto const& [label, most] = *std::max_element(causes.begin(), causes.end(),
                                                  [](auto const& a, auto const& b) { return a.second.n < b.second.n; });
    fmt::print(stderr, "WARN: {} of {} requests failed, {} of them with {}, for instance: {}\n", failed, requests,
               most.n, label, most.example);
}

void print_summary(lab& l) {
    auto const input = kvt::harness::read_report_input(l.store(), l.group());
    if (l.o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(input.found), kvt::json_style::pretty));
    else fmt::print("{}", kvt::harness::report_summary(input));
}

}  // namespace

int prepare(options const& o) {
    return on_experiment(o, [](lab& l) {
        auto const made = prepare_group(l);
        auto const entries = kvt::store::count<kvt::harness::entry_row>(l.store(), {{"dataset_id", made.dataset_id}});
        fmt::print("group {}\ndatabase {}\ndataset {}, {} prompts\n", made.group, l.database(), made.dataset_id,
                   entries);
        print_written(l);
        return 0;
    });
}

int run(options const& o) {
    return on_experiment(o, [](lab& l) {
        l.check_names();
        auto const sweep = l.sweep();
        auto options = l.run_options();
        if (l.o.force) options.on_rerun = kvt::harness::rerun::replace;
        l.open(kvt::store::open_mode::existing);
        auto const manifest = kvt::harness::require_prepared(l.store(), l.group());
        l.lock();
        auto const done = run_group(l, manifest, sweep, options);
        for (auto const& id : done.runs) fmt::print("finished {}\n", id);
        fmt::print("database {}\n", l.database());
        warn_of_failures(l);
        return 0;
    });
}

int score(options const& o) {
    return on_experiment(o, [](lab& l) {
        l.check_names();
        l.open(kvt::store::open_mode::existing);
        auto const runs = chosen_runs(l);
        score_group(l, runs);
        print_scores(l, runs);
        return 0;
    });
}

int analyze(options const& o) {
    return on_experiment(o, [](lab& l) {
        l.open(kvt::store::open_mode::existing);
        analyze_group(l);
        print_summary(l);
        return 0;
    });
}

int report(options const& o) {
    return on_experiment(o, [](lab& l) {
        l.open(kvt::store::open_mode::existing);
        report_group(l);
        print_written(l);
        return 0;
    });
}

void whole_experiment(lab& l) {
    l.check_names();
    auto const sweep = l.sweep();
    auto const options = l.run_options();
    int const first = first_stage(l.o.from);
    if (first <= 0) (void)prepare_group(l);
    else l.open(kvt::store::open_mode::existing);
    auto const manifest = kvt::harness::require_prepared(l.store(), l.group());
    l.lock();
    if (first <= 1) (void)run_or_take(l, manifest, sweep, options);
    (void)kvt::harness::require_executed(l.store(), l.group(),
                                         l.o.allow_partial ? kvt::harness::completeness::partial
                                                           : kvt::harness::completeness::whole);
    if (first <= 2) score_group(l, chosen_runs(l));
    if (first <= 3) analyze_group(l);
    report_group(l);
}

int all(options const& o) {
    return on_experiment(o, [](lab& l) {
        whole_experiment(l);
        print_summary(l);
        fmt::print("database {}\nreport {}/report.html\n", l.database(), l.run_dir());
        print_written(l);
        warn_of_failures(l);
        return 0;
    });
}

int demo(options const& o) {
    auto chosen = o;
    chosen.config = shipped(kvt::config::paths{kvt::config::find_root(o.root)}, "config/experiments/demo.yaml");
    chosen.resume = true;
    return all(chosen);
}

}  // namespace cli
