#include "engines.hpp"
#include "commands.hpp"
#include "stop.hpp"

#include <kvt/config/environment.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/engine/mock.hpp>
#include <kvt/engine/openai.hpp>
#include <kvt/engine/probe.hpp>
#include <kvt/engine/server.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/net/url.hpp>
#include <kvt/report/table.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

namespace cli {

namespace {

/// Prefills observe what the policies need; without any, what any policy needs.
kvt::engine::embedded<> embedded_engine(kvt::config::paths const& paths, std::string const& folder,
                                        kvt::engine::embedded_options const& options) {
    if (folder.empty())
        throw kvt::error{kvt::error_kind::missing, "engine.model_dir", "missing",
                         "a folder with config.json, model.safetensors and tokenizer.json, or \"constructed\""};
    return kvt::engine::embedded<>{kvt::engine::load_model(folder == "constructed" ? folder : shipped(paths, folder)),
                                   options};
}

/// One loop for all requests where `engine.steps` or a log is named.
kvt::engine::step_options steps_of(lab const& l) {
    auto const& s = l.settings().engine;
    kvt::engine::step_options out;
    bool const named = !s.steps.is_null();
    if (named) out = kvt::from_json<kvt::engine::step_options>(s.steps, "engine.steps");
    if (s.phase_log) out.phase_log = l.paths.below(*s.phase_log);
    if (s.step_log) out.step_log = l.paths.below(*s.step_log);
    if (named || s.phase_log || s.step_log) out.batching = kvt::engine::batching::joined;
    return out;
}

kvt::engine::openai openai_engine(kvt::config::settings const& s) {
    (void)kvt::net::parse_url(s.engine.base_url, "engine.base_url");
    kvt::engine::openai out;
    out.base_url = s.engine.base_url, out.api_key_env = s.engine.api_key_env, out.model = s.model.name;
    out.headers = s.engine.headers, out.stream = s.engine.stream;
    return out;
}

/// The right answers are those of the manifest, where the group has one and the configuration lists none.
kvt::engine::mock mock_engine(lab& l) {
    auto const& s = l.settings();
    auto out =
        s.engine.mock.is_null() ? kvt::engine::mock{} : kvt::from_json<kvt::engine::mock>(s.engine.mock, "engine.mock");
    out.model = s.model.name;
    if (!out.answers.empty() || l.ctx.find<kvt::store::session>() == nullptr) return out;
    if (!kvt::store::has_table<kvt::harness::example_row>(l.store())) return out;
    for (auto const& example : kvt::store::select<kvt::harness::example_row>(l.store())) {
        auto const answers = kvt::parse_json(example.answers_json);
        out.answers.push_back({example.example_id, answers.items().front().text()});
    }
    return out;
}

/// Calls `f(engine)` with the configured engine.
template <class F> auto with_engine(lab& l, F&& f) {
    auto const& s = l.settings();
    if (kvt::config::has_placeholder(s.model.name))
        throw kvt::error{kvt::error_kind::usage, l.loaded.where("model.name"),
                         "found " + s.model.name + ", which is not set",
                         "the model's name, or that variable in the environment or in .env"};
    if (s.engine.type == "embedded")
        return f(embedded_engine(l.paths, s.engine.model_dir.value_or(""),
                                 {.policies = l.sweep().policies, .steps = steps_of(l)}));
    if (s.engine.type == "openai_compat") return f(openai_engine(s));
    if (s.engine.type == "mock") return f(mock_engine(l));
    throw kvt::error{kvt::error_kind::usage, l.loaded.where("engine.type"), "unknown engine \"" + s.engine.type + "\"",
                     "openai_compat, embedded or mock"};
}

}  // namespace

void check_engine(lab& l) {
    with_engine(l, [](auto const& engine) { (void)engine.describe(); });
}

kvt::harness::executed run_group(lab& l, kvt::harness::prepared const& in, kvt::cache::sweep const& sweep,
                                 kvt::harness::run_options const& options) {
    stop_on_signals(l.ctx);
    return with_engine(l, [&](auto engine) { return kvt::harness::run{std::move(engine), sweep, options}(l.ctx, in); });
}

kvt::harness::executed run_or_take(lab& l, kvt::harness::prepared const& in, kvt::cache::sweep const& sweep,
                                   kvt::harness::run_options options) {
    auto const rows = kvt::store::select<kvt::harness::run_row>(l.store(), {{"exp_group_id", l.group()}});
    bool const finished = std::all_of(rows.begin(), rows.end(), [](auto const& r) { return r.status == "finished"; });
    if (options.on_rerun == kvt::harness::rerun::refuse && !rows.empty() && finished)
        options.on_rerun = kvt::harness::rerun::resume;  // nothing is asked again; new budgets are added
    return run_group(l, in, sweep, options);
}

int first_stage(std::string const& name) {
    static constexpr std::string_view stages[] = {"prepare", "run", "score", "analyze", "report"};
    for (int i = 0; i < 5; ++i)
        if (name == stages[i]) return i;
    if (name.empty()) return 0;
    throw kvt::error{kvt::error_kind::usage, "--from", "unknown stage \"" + name + "\"",
                     "prepare, run, score, analyze or report"};
}

int serve(options const& o) {
    kvt::config::paths const paths{kvt::config::find_root(o.root)};
    kvt::engine::step_options const steps{.batching = kvt::engine::batching::joined,
                                          .chunk_size = o.chunk_size,
                                          .max_running = o.max_running,
                                          .token_budget = o.token_budget,
                                          .threads = o.threads,
                                          .phase_log = o.phase_log,
                                          .step_log = o.step_log};
    auto const engine =
        embedded_engine(paths, o.model_dir.empty() ? "config/models/recall" : o.model_dir, {.steps = steps});
    kvt::run_context ctx;
    stop_on_signals(ctx);
    kvt::engine::serve_options options;
    options.http.address = o.address, options.http.port = o.port;
    options.http.threads = options.http.max_connections;  // they wait for the step loop, which does the work
    kvt::engine::serve(engine, ctx, options, [&](std::string const& url) {
        fmt::print("serving {} at {} (Ctrl-C ends)\n", engine.describe().model, url);
        std::fflush(stdout);
    });
    return 0;
}

int probe(options const& o) {
    return on_experiment(o, [](lab& l) {
        auto const sweep = l.sweep();
        auto const options = l.run_options();
        l.open(kvt::store::open_mode::existing);
        auto const manifest = kvt::harness::require_prepared(l.store(), l.group());
        auto const entries = kvt::store::select<kvt::harness::entry_row>(
            l.store(), {{"dataset_id", manifest.dataset_id}}, {"token_len"});
        auto const result = with_engine(l, [&](auto const& engine) {
            auto const plan =
                kvt::harness::plan_runs(l.store(), manifest, engine.describe(), sweep, options, l.ctx.utc_now()).back();
            auto sample = kvt::harness::make_request(l.store(), plan, entries.back(), options, l.ctx.utc_now()).request;
            sample.extra_body = options.extra_body;
            return kvt::engine::probe(engine, l.ctx, sample, sweep.budgets, l.o.n.value_or(1));
        });
        if (l.o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(result), kvt::json_style::pretty));
        else
            fmt::print("{}\n{}", kvt::report::print_table(kvt::report::table_of(result.rows)),
                       kvt::report::print_table(
                           kvt::report::table_of(result.budgets, {{"budget", "", kvt::report::cell_format::budget},
                                                                  {"level"},
                                                                  {"proof"},
                                                                  {"mean_share"},
                                                                  {"reason"}})));
        return 0;
    });
}

}  // namespace cli
