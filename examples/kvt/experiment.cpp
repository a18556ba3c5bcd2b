// validate, resolve, prepare, score, analyze, report: the commands on one experiment that need no engine.
#include "commands.hpp"
#include "engines.hpp"
#include "lab.hpp"

#include <kvt/analysis/detectors.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>
#include <kvt/data/sampling_settings.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/harness/score.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/store/memory.hpp>

#include <cstdio>
#include <algorithm>
#include <filesystem>
#include <map>

namespace cli {

int validate(options const& o) {
    lab l{o};
    (void)l.sweep();
    if (o.print_config) std::fputs(l.loaded.printed().c_str(), stdout);
    std::puts(l.loaded.warnings().empty() ? "OK" : "OK (with warnings)");
    return 0;
}

int resolve(options const& o) {
    lab l{o};
    std::printf("exp_group_id=%s\nrun_dir=%s\ndb_path=%s\n", l.group().c_str(), l.run_dir().c_str(), l.database().c_str());
    return 0;
}

namespace {

void print_written(lab& l) {
    for (auto const& path : l.ctx.written()) std::printf("wrote %s\n", path.c_str());
}

/// Opens the database for a stage that writes its first rows; what was not there before is removed if the stage fails.
template <class F> auto from_scratch(lab& l, F&& f) {
    namespace fs = std::filesystem;
    fs::path const file = l.database();
    bool const file_there = fs::exists(file), folder_there = fs::exists(file.parent_path());
    auto const made_runs = !fs::exists(l.paths.runs_dir());
    try {
        l.open(kvt::store::open_mode::create);
        return f();
    } catch (...) {
        l.ctx.provide(kvt::store::memory{});  // shadows the file's session
        std::error_code ignored;
        if (!file_there)
            for (auto const* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix, ignored);
        if (!folder_there) fs::remove(file.parent_path(), ignored);
        if (made_runs) fs::remove(l.paths.runs_dir(), ignored);
        throw;
    }
}

kvt::harness::prepared prepare_group(lab& l) {
    (void)l.sweep();
    check_engine(l);
    auto const chosen = l.prepare_options();
    auto const bins = kvt::data::read_sampling(l.loaded.resolved).bins;
    return from_scratch(l, [&] {
        return with_source(l, [&](auto source) {
            return with_counter(l, [&](auto counter) {
                return kvt::harness::prepare{source, counter, bins, chosen}(l.ctx, kvt::start{});
            });
        });
    });
}

kvt::harness::scored score_group(lab& l, kvt::harness::executed const& in) {
    auto const& s = l.settings().scoring;
    kvt::eval::token_f1 const f1{*kvt::choice_of<kvt::text::overlap>(kvt::name_of(s.f1_overlap))};
    if (s.primary_metric == kvt::config::primary_metric::em)
        return kvt::harness::score{kvt::eval::exact_match{}, f1}(l.ctx, in);
    if (s.primary_metric == kvt::config::primary_metric::longbench)
        throw kvt::error{kvt::error_kind::usage, "scoring.primary_metric", "this task has no metric of its own", "f1 or em"};
    return kvt::harness::score{f1, kvt::eval::exact_match{}}(l.ctx, in);
}

kvt::harness::analyzed analyze_group(lab& l, kvt::harness::scored const& in) {
    auto const& s = l.settings().analysis;
    auto const options = l.analyze_options();
    kvt::numeric::bootstrap const interval{s.n_boot, s.alpha, s.seed, *kvt::choice_of<kvt::numeric::generator>(kvt::name_of(s.rng))};
    using namespace kvt::analysis;
    return kvt::harness::analyze{interval, mean_drop{s.drop_threshold}, baseline_drop{s.drop_threshold},
                                 paired_bins{s.drop_threshold}, mean_drop_all{s.drop_threshold}, instability{}, monotonicity{}}
        .with(options)(l.ctx, in);
}

kvt::harness::reported report_group(lab& l, kvt::harness::analyzed const& in) {
    return kvt::harness::report{kvt::report::markdown{}, kvt::report::html{}}(l.ctx, in);
}

kvt::harness::completeness need(options const& o) {
    return o.allow_partial ? kvt::harness::completeness::partial : kvt::harness::completeness::whole;
}

/// The group's runs, or the one that was named.
kvt::harness::executed chosen_runs(lab& l) {
    auto runs = kvt::harness::require_executed(l.store(), l.group(), need(l.o));
    if (l.o.run_id.empty()) return runs;
    if (std::find(runs.runs.begin(), runs.runs.end(), l.o.run_id) == runs.runs.end()) {
        auto const near = kvt::nearest_name(l.o.run_id, runs.runs);
        throw kvt::error{kvt::error_kind::usage, "--run-id",
                         "group " + l.group() + " has no run " + l.o.run_id + (near.empty() ? "" : " (did you mean " + near + "?)")};
    }
    runs.runs = {l.o.run_id};
    return runs;
}

void print_scores(lab& l, kvt::harness::executed const& in) {
    for (auto const& run : in.runs) {
        kvt::store::where const of_run{{"request_id", kvt::store::values_of<kvt::harness::request_row>("request_id", {{"run_id", run}})}};
        std::int64_t scored = 0;
        std::map<std::string, std::int64_t> reasons;
        for (auto const& s : kvt::store::select<kvt::harness::score_row>(l.store(), of_run)) {
            if (s.scorable == 1) ++scored;
            else ++reasons[s.reason.value_or("")];
        }
        std::printf("%s: %lld scored", run.c_str(), static_cast<long long>(scored));
        for (auto const& [reason, n] : reasons) std::printf(", %lld %s", static_cast<long long>(n), reason.c_str());
        std::puts("");
    }
}

void print_summary(lab& l) {
    auto const input = kvt::harness::read_report_input(l.store(), l.group());
    if (l.o.json) std::puts(kvt::dump(kvt::to_json(input.found), kvt::json_style::pretty).c_str());
    else std::fputs(kvt::harness::report_summary(input).c_str(), stdout);
}

}  // namespace

int prepare(options const& o) {
    lab l{o};
    auto const made = prepare_group(l);
    auto const entries = kvt::store::count<kvt::harness::entry_row>(l.store(), {{"dataset_id", made.dataset_id}});
    std::printf("group %s\ndatabase %s\ndataset %s, %zu prompts\n", made.group.c_str(), l.database().c_str(),
                made.dataset_id.c_str(), entries);
    print_written(l);
    return 0;
}

int run(options const& o) {
    lab l{o};
    auto const sweep = l.sweep();
    auto const options = l.run_options();
    l.open(kvt::store::open_mode::existing);
    auto const manifest = kvt::harness::require_prepared(l.store(), l.group());
    auto const done = run_group(l, manifest, sweep, options);
    for (auto const& id : done.runs) std::printf("finished %s\n", id.c_str());
    std::printf("database %s\n", l.database().c_str());
    return 0;
}

int score(options const& o) {
    lab l{o};
    l.open(kvt::store::open_mode::existing);
    (void)kvt::harness::require_prepared(l.store(), l.group());
    auto const runs = chosen_runs(l);
    (void)score_group(l, runs);
    print_scores(l, runs);
    return 0;
}

int analyze(options const& o) {
    lab l{o};
    l.open(kvt::store::open_mode::existing);
    (void)kvt::harness::require_prepared(l.store(), l.group());
    (void)analyze_group(l, {kvt::harness::require_executed(l.store(), l.group(), kvt::harness::completeness::partial)});
    print_summary(l);
    return 0;
}

int report(options const& o) {
    lab l{o};
    l.open(kvt::store::open_mode::existing);
    (void)kvt::harness::require_prepared(l.store(), l.group());
    (void)report_group(l, kvt::harness::require_analyzed(l.store(), l.group()));
    print_written(l);
    return 0;
}

int all(options const& o) {
    lab l{o};
    auto const sweep = l.sweep();
    auto options = l.run_options();
    int const first = first_stage(o.from);
    if (first <= 0) (void)prepare_group(l);
    else l.open(kvt::store::open_mode::existing);
    auto const manifest = kvt::harness::require_prepared(l.store(), l.group());
    auto runs = first <= 1 ? run_or_take(l, manifest, sweep, options)
                           : kvt::harness::require_executed(l.store(), l.group(), need(o));
    if (first <= 2) (void)score_group(l, runs);
    if (first <= 3) (void)analyze_group(l, {runs});
    (void)report_group(l, kvt::harness::require_analyzed(l.store(), l.group()));
    print_summary(l);
    std::printf("database %s\n", l.database().c_str());
    print_written(l);
    return 0;
}

int demo(options const& o) {
    auto chosen = o;
    chosen.config = kvt::config::paths{kvt::config::find_root(o.root)}.below("config/experiments/demo.yaml");
    chosen.resume = true;
    return all(chosen);
}

}  // namespace cli
