// scaling plan, train, analyze, visualize, all, predict: which model size a compute budget is spent on best.
#include "commands.hpp"
#include "stop.hpp"

#include <kvt/config/merge.hpp>
#include <kvt/config/overrides.hpp>
#include <kvt/config/yaml.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/scaling/analysis_settings.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/settings.hpp>
#include <kvt/scaling/train_by.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <csignal>

namespace cli {

namespace scaling = kvt::scaling;
using kvt::json;

namespace {

/// The four commands' settings, as `all` takes them: each in a section of its own.
struct pipeline_settings {
    scaling::planner_settings plan{};
    scaling::trainer_settings train{};
    scaling::analyzer_settings analyze{};
    scaling::visualizer_settings visualize{};
};
KVT_RECORD(pipeline_settings, plan, train, analyze, visualize);

template <kvt::record R> R settings_of(options const& o) {
    json document = json::object{};
    auto const where = o.scaling.config.empty() ? std::string{"settings"} : o.scaling.config;
    if (!o.scaling.config.empty()) document = kvt::config::read_yaml_file(where).value;
    if (document.is_null()) document = json::object{};
    if (!document.is_object())
        throw kvt::error{kvt::error_kind::malformed, where, "found " + std::string{document.type_name()}, "a mapping"};
    kvt::config::merge(document, kvt::config::parse_overrides(o.scaling.settings));
    return scaling::settings_of<R>(std::move(document), where);
}

/// Whether the settings were to be printed, which has then been done.
template <kvt::record R> bool printed(options const& o, R const& settings) {
    if (o.scaling.print_config) fmt::print("{}", kvt::config::dump_yaml(kvt::to_json(settings)));
    return o.scaling.print_config;
}

/// The threads that were asked for; else as many as settings allow, one for each core at most.
std::int64_t threads_of(options const& o, std::int64_t most = 0) {
    auto const cores = static_cast<std::int64_t>(kvt::exec::thread_executor{0}.concurrency());
    return o.threads > 0 || most == 0 ? o.threads : std::min(most, cores);
}

/// A context whose work can be stopped.
struct session {
    kvt::run_context context;
    session(options const& o, std::int64_t threads) {
        context.provide(kvt::exec::any_executor{kvt::exec::thread_executor{threads}});
        if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
        stop_on_signals(context);
    }
    explicit session(options const& o) : session{o, threads_of(o)} {}
    ~session() { std::signal(SIGINT, SIG_DFL), std::signal(SIGTERM, SIG_DFL); }
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    void say_written() const {
        for (auto const& path : context.written()) fmt::print(stderr, "wrote {}\n", path);
    }
};

void say(scaling::planned const& done) {
    if (done.sweep.empty()) {
        fmt::print("0 experiments: no size gets a tenth of a token per parameter\n");
        return;
    }
    auto const by_budget = [](auto const& a, auto const& b) { return a.compute_budget < b.compute_budget; };
    auto const by_size = [](auto const& a, auto const& b) { return a.model_size < b.model_size; };
    auto const [c0, c1] = std::ranges::minmax_element(done.sweep, by_budget);
    auto const [n0, n1] = std::ranges::minmax_element(done.sweep, by_size);
    fmt::print("{} experiments, budgets {:.3e} to {:.3e} FLOPs, sizes {} to {}\n", done.sweep.size(),
               c0->compute_budget, c1->compute_budget, scaling::with_thousands(n0->model_size),
               scaling::with_thousands(n1->model_size));
}

void say(scaling::trained const& done) {
    fmt::print("{} completed ({} of them earlier), {} failed{}\n", done.completed, done.kept, done.failed,
               done.stopped ? "; stopped before the end" : "");
    std::size_t shown = 0;
    for (auto const& run : done.runs)
        if (run.error_message && shown++ < 5) fmt::print("  {}: {}\n", run.experiment_id, *run.error_message);
}

void say(scaling::fitted const& done, std::optional<double> target) {
    auto const laws = done.laws.triple();
    for (auto const* law : laws.all()) {
        fmt::print("{}  (R2 {:.4f}", law->formula, law->r_squared);
        if (law->a_ci) fmt::print("; exponent {:.4f} to {:.4f}", law->a_ci->at(0), law->a_ci->at(1));
        if (done.laws.bootstrap)
            for (auto const& i : done.laws.bootstrap->intervals)
                if (i.law == law->name && i.name == "a") fmt::print(", resampled {:.4f} to {:.4f}", i.low, i.high);
        fmt::print(")\n");
    }
    if (done.laws.parametric) {
        auto const p = kvt::from_json<scaling::parametric_law>(*done.laws.parametric);
        fmt::print("L(N, D) = {:.4f} + {:.4g} / N^{:.4f} + {:.4g} / D^{:.4f}, so N_opt ~ C^{:.4f}", p.E, p.A, p.alpha,
                   p.B, p.beta, p.a_opt);
        for (auto const& i : p.intervals)
            if (i.name == "a") fmt::print("  (exponent {:.4f} to {:.4f})", i.low, i.high);
        fmt::print("\n");
    }
    fmt::print("median D/N {}\n", kvt::fixed(done.laws.optimal_ratio, 2));
    for (auto const& w : done.laws.warnings) fmt::print(stderr, "WARN: {}\n", w);
    if (!target) return;
    auto const p = scaling::predict(laws, *target);
    fmt::print("at {:.3e} FLOPs: {} parameters, {} tokens, loss {:.4f}\n", p.target_compute,
               scaling::with_thousands(p.optimal_params), scaling::with_thousands(p.optimal_tokens), p.expected_loss);
}

void say(scaling::drawn const& done, std::string const& folder) {
    fmt::print("{} figures in {}\n", done.figures, folder);
}

/// What to type to go on; results are kept then, whatever was asked for at first.
void say_stopped(options const& o, std::string const& command, bool resume) {
    std::string line = "kvt scaling " + command;
    if (!o.scaling.config.empty()) line += " -c '" + o.scaling.config + "'";
    if (!o.scaling.mode.empty()) line += " --mode " + o.scaling.mode;
    if (!o.scaling.output.empty()) line += " -o '" + o.scaling.output + "'";
    for (auto const& word : o.scaling.settings) line += " '" + word + "'";
    if (!resume) line += command == "all" ? " train.resume=true" : " resume=true";
    fmt::print(stderr, "kvt: stopped; to go on: {}\n", line);
}

int code_of(scaling::trained const& done) {
    if (done.stopped) return 1;
    return done.completed == 0 && done.failed > 0 ? 1 : 0;
}

}  // namespace

int scaling_plan(options const& o) {
    auto const s = settings_of<scaling::planner_settings>(o);
    if (printed(o, s)) return 0;
    session here{o};
    auto const done = scaling::plan{s.grid_planner(), s.output.sweep_path, s.lr_schedule}(here.context, kvt::start{});
    if (o.json) fmt::print("{}\n", kvt::dump(scaling::sweep_json(done.sweep), kvt::json_style::pretty));
    else say(done);
    here.say_written();
    return 0;
}

int scaling_train(options const& o) {
    auto s = settings_of<scaling::trainer_settings>(o);
    if (!o.scaling.mode.empty()) s.mode = o.scaling.mode;
    s.check();
    if (printed(o, s)) return 0;
    session here{o, threads_of(o, s.hardware.num_threads)};
    auto const done =
        scaling::train_by(s, here.context, scaling::load_sweep{s.paths.sweep}(here.context, kvt::start{}));
    if (o.json)
        fmt::print("{}\n", kvt::dump(json::of({{"completed", done.completed},
                                               {"kept", done.kept},
                                               {"failed", done.failed},
                                               {"stopped", done.stopped},
                                               {"results", done.path}})));
    else say(done);
    here.say_written();
    if (done.stopped) say_stopped(o, "train", s.resume);
    return code_of(done);
}

int scaling_analyze(options const& o) {
    auto const s = settings_of<scaling::analyzer_settings>(o);
    s.check();
    if (printed(o, s)) return 0;
    session here{o};
    auto const done = fit_by(s, here.context, scaling::load_runs{s.paths.results}(here.context, kvt::start{}));
    if (o.json) fmt::print("{}\n", kvt::dump(scaling::laws_json(done.laws), kvt::json_style::pretty));
    else say(done, s.target());
    here.say_written();
    return 0;
}

int scaling_visualize(options const& o) {
    auto const s = settings_of<scaling::visualizer_settings>(o);
    s.check();
    if (printed(o, s)) return 0;
    session here{o};
    auto const runs = scaling::load_runs{s.paths.results}(here.context, kvt::start{});
    auto const usable = scaling::usable(runs.runs, s.paths.results);
    for (auto const& w : usable.warnings) fmt::print(stderr, "WARN: {}\n", w);
    std::optional<scaling::law_triple> laws;
    if (kvt::file_exists(s.paths.analysis)) laws = scaling::read_laws(s.paths.analysis);
    auto const done = scaling::draw_runs(here.context, usable.points, laws ? &*laws : nullptr, s.options());
    say(done, s.paths.plots);
    here.say_written();
    return done.failures.empty() ? 0 : 1;
}

int scaling_all(options const& o) {
    auto s = settings_of<pipeline_settings>(o);
    auto const& folder = o.scaling.output;
    if (!o.scaling.mode.empty()) s.train.mode = o.scaling.mode;
    if (!folder.empty()) {
        s.plan.output.sweep_path = folder + "/sweep.json", s.train.paths.output = folder;
        s.train.paths.checkpoints = folder + "/checkpoints", s.train.paths.logs = folder + "/logs";
        s.analyze.paths.analysis = folder + "/analysis", s.visualize.paths.plots = folder + "/plots";
    }
    s.train.check();
    s.analyze.check(), s.visualize.check();
    if (printed(o, s)) return 0;
    session here{o, threads_of(o, s.train.hardware.num_threads)};
    auto const sweep =
        scaling::plan{s.plan.grid_planner(), s.plan.output.sweep_path, s.plan.lr_schedule}(here.context, kvt::start{});
    say(sweep);
    auto const runs = scaling::train_by(s.train, here.context, sweep);
    say(runs);
    if (runs.stopped) return here.say_written(), say_stopped(o, "all", s.train.resume), 1;
    auto const laws = fit_by(s.analyze, here.context, runs);
    say(laws, s.analyze.target());
    auto const pictures = scaling::draw{s.visualize.options()}(here.context, laws);
    say(pictures, s.visualize.paths.plots);
    here.say_written();
    return pictures.failures.empty() ? 0 : 1;
}

int scaling_predict(options const& o) {
    auto const laws = scaling::read_laws(o.scaling.laws);
    if (!o.json) {
        fmt::print("{}", scaling::prediction_table(laws, o.scaling.budgets));
        return 0;
    }
    json out = json::array{};
    for (double const c : o.scaling.budgets) out.push_back(kvt::to_json(scaling::predict(laws, c)));
    fmt::print("{}\n", kvt::dump(out, kvt::json_style::pretty));
    return 0;
}

}  // namespace cli
