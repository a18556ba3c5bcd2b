// The `kvt` program: reads the command line and calls one command.
#include "commands.hpp"

#include <kvt/core/error.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace {

struct program {
    CLI::App app{"How small can a model's KV cache get before its answers break, and how sure are we?", "kvt"};
    cli::options o;
    cli::chosen_command chosen = nullptr;

    CLI::App* command(std::string const& name, std::string const& help, int (*run)(cli::options const&)) {
        return command(app, name, help, run);
    }
    CLI::App* command(CLI::App& above, std::string const& name, std::string const& help,
                      int (*run)(cli::options const&)) {
        auto* sub = above.add_subcommand(name, help);
        sub->callback([this, run] { chosen = run; });
        sub->add_option("--root", o.root, "folder holding config/, data/ and runs/ (default: found upwards)");
        sub->add_flag("--json", o.json, "print results as JSON");
        sub->add_flag("-q,--quiet", o.quiet, "no progress");
        return sub;
    }
    CLI::App* experiment(std::string const& name, std::string const& help, int (*run)(cli::options const&)) {
        auto* sub = command(name, help, run);
        sub->add_option("-c,--config", o.config, "experiment document (YAML), merged over config/default.yaml");
        sub->add_option("--override", o.overrides, "KEY=VALUE with dots in KEY, for instance kv.budgets=[1.0,0.3]")
            ->expected(1)
            ->take_all();
        return sub;
    }

    void experiment_commands() {
        auto* sub = experiment("validate", "check a configuration", cli::validate);
        sub->add_flag("--print-config", o.print_config,
                      "print the resolved document, and what did not come from the defaults");
        experiment("resolve", "print group, run folder and database", cli::resolve);
        sub = experiment("prepare", "dataset -> manifest.json and database rows", cli::prepare);
        preparing(sub);
        sub = experiment("run", "ask every prompt at every budget", cli::run);
        running(sub);
        sub->add_flag("--force", o.force, "forget what these runs hold and ask everything anew")
            ->excludes("--resume")
            ->excludes("--retry-failed");
        sub = experiment("score", "answers -> scores", cli::score);
        sub->add_option("--run-id", o.run_id, "one run only");
        sub = experiment("analyze", "scores -> bin statistics, intervals, transitions", cli::analyze);
        sub->add_flag("--allow-partial", o.allow_partial, "go on where scores are missing");
        sub = experiment("report", "statistics -> report.md, report.html, summary.json, plots", cli::report);
        reporting(sub);
        sub =
            experiment("all", "prepare, run, score, analyze, report; each stage skipped where already done", cli::all);
        preparing(sub), running(sub), reporting(sub);
        sub->add_option("--run-id", o.run_id, "score one run only");
        sub->add_option("--from", o.from, "first stage to run: prepare, run, score, analyze or report");
        sub = experiment("law", "an experiment over a family of models: how critical budgets move with length and size",
                         cli::law);
        preparing(sub), reporting(sub);
        sub->add_option("--threads", o.threads, "that fit the laws; 0: one per core")->check(CLI::Range(0, 1024));
        sub = experiment("sample", "randomly chosen requests beside their gold answers", cli::sample);
        sub->add_option("--n", o.n, "how many (default 10)")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--seed", o.seed, "of the draw (default 1337)");
        sub->add_option("--budget", o.budget, "only this budget");
        sub->add_option("--bin", o.bin, "only this bin");
        sub = experiment("clean", "remove the group's rows, plots and reports (dry run unless --yes)", cli::clean);
        sub->add_flag("--yes", o.yes, "really remove");
        sub->add_flag("--purge-dataset", o.purge_dataset, "the dataset too, unless another group uses it");
        sub = experiment("probe", "one long prompt at every budget: what can the engine prove?", cli::probe);
        sub->add_option("--n", o.n, "prompts at each budget (default 1)")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    }
    void preparing(CLI::App* sub) {
        sub->add_option("--split", o.split, "dataset split; published files hold test alone")
            ->check(CLI::IsMember({"test"}));
        sub->add_option("--cache-dir", o.cache_dir, "folder of raw JSONL files");
        sub->add_option("--notes", o.notes, "kept with the experiment");
        flag(sub, "--skip-bad", o.skip_bad, "leave out dataset lines that cannot be read, and count them");
        flag(sub, "--force", o.force, "replace a dataset or configuration that differs");
    }
    void running(CLI::App* sub) {
        flag(sub, "--resume", o.resume, "go on with entries that have no outcome");
        flag(sub, "--retry-failed", o.retry_failed, "like --resume, and ask again where only a failure is stored");
        flag(sub, "--allow-unproven-budget", o.allow_unproven, "go on where the engine cannot prove a budget below 1");
    }
    void reporting(CLI::App* sub) {
        flag(sub, "--allow-partial", o.allow_partial, "write a report that says what is missing");
        sub->add_option("--fixed-time", o.fixed_time, "stands for the generated-at line");
    }
    /// `all` collects the flags of several commands; one that is there already stays.
    static void flag(CLI::App* sub, std::string const& name, bool& target, std::string const& help) {
        if (sub->get_option_no_throw(name) == nullptr) sub->add_flag(name, target, help);
    }

    void other_commands() {
        command("list", "everything kvt registers: names, parameters and defaults", cli::list);
        auto* sub = command("demo", "the shipped experiment, from nothing to a report", cli::demo);
        sub->add_option("--override", o.overrides, "KEY=VALUE")->expected(1)->take_all();
        flag(sub, "--force", o.force, "replace an earlier demo whose configuration differs");
        sub = command("verify", "recompute budgets, bytes and hashes from the store alone", cli::verify);
        sub->add_option("folder", o.folder, "runs/<group> or a database file")->required();
        sub = command("compare", "paired differences between runs", cli::compare);
        sub->add_option("folders", o.folders, "one or more runs/<group> or database files")->required();
        sub = command("serve", "an OpenAI-compatible server whose KV budget is real", cli::serve);
        sub->add_option("--address", o.address, "to listen on; the default is this machine alone");
        sub->add_option("--port", o.port, "0: any free one")->default_val(8080);
        sub->add_option("--model-dir", o.model_dir, "config.json, model.safetensors, tokenizer.json; or `constructed`");
        sub->add_option("--threads", o.threads, "that share a step's work; 0: one per core");
        sub->add_option("--chunk-size", o.chunk_size, "most prompt tokens of one request in a step")
            ->capture_default_str();
        sub->add_option("--max-running", o.max_running, "most requests at a time, others wait; 0: no limit");
        sub->add_option("--token-budget", o.token_budget, "most tokens of all requests in a step; 0: no limit");
        sub->add_option("--phase-log", o.phase_log,
                        "file for when each prefill and decode ran: what `trace estimate` reads");
        sub->add_option("--step-log", o.step_log, "file for each step's start, end and tokens");
    }
    CLI::Option* simulating(CLI::App* sub) {
        auto& t = o.trace;
        auto* file = sub->add_option("file", t.file,
                                     "arrival, prompt_tokens, generated_tokens; or TIMESTAMP, ContextTokens, "
                                     "GeneratedTokens");
        sub->add_option("--first", t.first, "only so many requests")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--beta0", t.beta0, "seconds a step")->capture_default_str();
        sub->add_option("--beta1", t.beta1, "seconds a prefill token")->capture_default_str();
        sub->add_option("--beta2", t.beta2, "seconds a decode token")->capture_default_str();
        sub->add_option("--chunk-size", t.engine_chunk, "most prompt tokens of one request in a step")
            ->capture_default_str();
        sub->add_option("--max-running", t.max_running, "most requests at a time; 0: no limit");
        sub->add_option("--token-budget", t.token_budget, "most tokens of all requests in a step; 0: no limit");
        sub->add_flag("--first-token-in-decode", t.first_token_in_decode, "the first output token takes a decode step");
        sub->add_option("--noise-sigma", t.noise_sigma, "of the step time's logarithm");
        sub->add_option("--noise-seed", t.noise_seed, "of that noise");
        sub->add_option("--quantum", t.quantum, "round the trace's times to multiples of so many seconds");
        sub->add_option("--origin", t.origin, "add so many seconds to the trace's times");
        return file;
    }
    void estimating(CLI::App* sub) {
        auto& t = o.trace;
        sub->add_option("--chunk-size", t.chunk_size, "most prompt tokens of one request in a step")
            ->capture_default_str();
        sub->add_option("--min-duration", t.min_duration_sec, "shorter phases count as this many seconds");
        sub->add_option("--preset", t.preset, "options of the iterative estimator: robust or published")
            ->capture_default_str();
        sub->add_option("--correction", t.correction, "baseline: uniform, end, none or end_inside")
            ->capture_default_str();
        sub->add_option("--prefill-correction", t.prefill_correction,
                        "iterative: these, or beta_informed (both presets)");
        sub->add_option("--init-correction", t.init_correction, "iterative: of the baseline it starts from");
        sub->add_option("--max-iters", t.max_outer_iters, "iterative: at most so many iterations");
        sub->add_option("--tol", t.tol, "iterative: stop where the coefficients move by less");
        sub->add_option("--damping", t.damping, "iterative: share of the new fit, in (0, 1]");
        sub->add_option("--pressure-damping", t.pressure_damping, "iterative: share of the new pressures, in (0, 1]");
    }
    void predicting(CLI::App* sub) {
        auto& t = o.trace;
        sub->add_option("file", t.file, "requests: arrival, prompt_tokens, generated_tokens; or the Azure columns")
            ->required();
        sub->add_option("--first", t.first, "only so many requests")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--betas", t.betas, "the costs: b0,b1,b2 in seconds")->delimiter(',');
        sub->add_option("--from-trace", t.from_trace,
                        "phases (CSV) to estimate the costs from, by the robust estimate");
        sub->add_option("--trace-chunk", t.trace_chunk, "chunk size of that trace (default: the first --chunk-size)");
        sub->add_option("--speed", t.speeds, "one or more loads: 0.5,1,2")->delimiter(',');
        sub->add_option("--chunk-size", t.chunk_sizes, "one or more")->delimiter(',')->capture_default_str();
        sub->add_option("--max-running", t.max_runnings, "most requests at a time, one or more; 0: no limit")
            ->delimiter(',');
        sub->add_option("--token-budget", t.token_budgets, "most tokens of a step, one or more; 0: no limit")
            ->delimiter(',');
        sub->add_flag("--first-token-in-decode", t.first_token_in_decode, "the first output token takes a decode step");
        sub->add_option("--slo-ttft", t.slo_ttft, "goodput: most seconds to the first token");
        sub->add_option("--slo-tpot", t.slo_tpot, "goodput: most seconds a token after the first");
        sub->add_option("--noise-sigma", t.sigma, "of the step time's logarithm (default: from the trace's residuals)");
        sub->add_option("--beta-replicates", t.beta_replicates,
                        "CSV with beta0, beta1, beta2: costs that are as likely");
        sub->add_option("--replicates", t.replicates,
                        "runs behind the intervals (default: one each of those, else 100)");
        sub->add_option("--level", t.level, "of the intervals")->capture_default_str();
        sub->add_option("--held-out", t.held_out,
                        "predict the last share of the requests from the phases before, and compare");
    }
    void measuring(CLI::App* group) {
        auto& t = o.trace;
        auto* sub = command(*group, "judge", "an engine's phase log, estimated, beside a regression on its step log",
                            cli::trace_judge);
        sub->add_option("--phases", t.file, "what `kvt serve --phase-log` wrote")->required();
        sub->add_option("--steps", t.steps, "what `kvt serve --step-log` wrote")->required();
        sub->add_option("--chunk-size", t.engine_chunk, "of the engine that wrote them")->capture_default_str();
        sub = command(*group, "load", "a bursty load for an OpenAI-compatible server", cli::trace_load);
        sub->add_option("file", t.file, "arrival, prompt_tokens, generated_tokens; without, bursts are drawn");
        sub->add_option("--url", t.url, "of the server, such as http://127.0.0.1:8080")->required();
        sub->add_option("--model-dir", o.model_dir, "whose words prompts are made of (default config/models/recall)");
        sub->add_option("--bursts", t.bursts, "how many")
            ->capture_default_str()
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--burst-size", t.burst_size, "requests in each")
            ->capture_default_str()
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--gap", t.gap, "mean seconds from one to the next")->capture_default_str();
        sub->add_option("--prompt-tokens", t.prompt_range, "least,most")
            ->delimiter(',')
            ->expected(2)
            ->capture_default_str();
        sub->add_option("--answer-tokens", t.answer_range, "least,most")
            ->delimiter(',')
            ->expected(2)
            ->capture_default_str();
        sub->add_option("--seed", t.load_seed, "of the draws")->capture_default_str();
        sub->add_option("--speed", t.speeds, "divides arrival times: 2 is twice the load")->expected(1)->take_last();
        sub->add_option("--first", t.first, "only so many requests")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--connections", t.connections, "most requests under way")
            ->capture_default_str()
            ->check(CLI::Range(1, 1024));
        sub->add_option("-o,--output", t.output, "file for the load that was sent, as `trace simulate` reads it");
    }
    void trace_commands() {
        auto* group = app.add_subcommand("trace", "what a step costs, from the times of prefills and decodes");
        group->require_subcommand(1);
        auto& t = o.trace;
        auto* sub = command(*group, "estimate", "phases (CSV) -> seconds a step, a prefill token, a decode token",
                            cli::trace_estimate);
        sub->add_option("file", t.file,
                        "columns request_id, phase_type, t_start, t_end, prefill_tokens, decode_tokens");
        estimating(sub);
        sub->add_option("--algo", t.algo, "one estimator alone; without, both")
            ->check(CLI::IsMember({"baseline", "iterative"}));
        sub->add_option("--resamples", t.resamples, "of busy periods, behind the intervals; 0: no intervals")
            ->capture_default_str();
        sub->add_option("--level", t.level, "of the intervals")->capture_default_str();
        sub->add_option("--replicates-csv", t.replicates_csv,
                        "file for the resampled costs, as `predict --beta-replicates` reads them");
        sub->add_flag("--self-check", t.self_check, "the four phases with published figures, compared digit by digit");
        sub = command(*group, "simulate", "requests (CSV) and known step costs -> phases", cli::trace_simulate);
        simulating(sub)->required();
        sub->add_option("--speed", t.speeds, "divides arrival times: 2 is twice the load")->expected(1)->take_last();
        sub->add_option("-o,--output", t.output, "file for the phases; without, standard output");
        sub->add_option("--steps", t.steps, "file for the step log");
        sub = command(*group, "recover", "simulate with known step costs, and see which estimators find them",
                      cli::trace_recover);
        auto* loads = sub->add_flag("--standard-loads", t.standard_loads, "six synthetic loads instead of a file");
        simulating(sub)->excludes(loads);
        sub->add_option("--simulations", t.simulations,
                        "simulate every load so often, and count how often intervals hold the truth")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
        sub->add_option("--speed", t.speeds, "one or more loads: 0.5,1,2")->delimiter(',');
        predicting(command(*group, "predict",
                           "requests (CSV) and step costs -> latencies and goodput at other loads and limits",
                           cli::trace_predict));
        auto const viewing = [&](CLI::App* view) {
            view->add_option("file", t.file, "phases, as for estimate")->required();
            estimating(view);
            return view;
        };
        viewing(command(*group, "expose", "phases (CSV) -> what each phase met, as CSV", cli::trace_expose))
            ->add_option("-o,--output", t.output, "file; without, standard output");
        viewing(
            command(*group, "plot", "phases (CSV) -> pressures, durations and betas as PNG and SVG", cli::trace_plot))
            ->add_option("-o,--output", t.output, "folder of the pictures (default: here)");
        measuring(group);
    }
};

/// An empty value would be read as none, or as 0.
void refuse_empty(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (std::string const text = argv[i]; text.empty() || (text.starts_with("--") && text.ends_with("=")))
            throw kvt::error{kvt::error_kind::usage,
                             i > 1 && text.empty() ? std::string{"after "} + argv[i - 1] : argv[i], "an empty value",
                             "a value"};
}

/// What was wrong with the command line, and how to see what was expected: one line.
std::string one_line(std::string problem, CLI::App const& app) {
    while (!problem.empty() && problem.back() == '\n') problem.pop_back();
    std::replace(problem.begin(), problem.end(), '\n', ' ');
    auto const* deepest = &app;
    std::string command = app.get_name();
    for (bool deeper = true; deeper;) {
        deeper = false;
        for (auto const* sub : deepest->get_subcommands()) {
            deepest = sub, deeper = true;
            command += " " + sub->get_name();
            break;
        }
    }
    auto const left = deepest->remaining();
    auto const word = std::find_if(left.begin(), left.end(), [](std::string const& w) { return !w.starts_with("-"); });
    if (problem == "A subcommand is required" && word != left.end()) {
        std::string known;
        for (auto const* sub : deepest->get_subcommands([](CLI::App const*) { return true; }))
            known += (known.empty() ? "" : ", ") + sub->get_name();
        return *word + ": not a command of `" + command + "` (expected one of " + known + ")";
    }
    return problem + " (expected: see `" + command + " --help`)";
}

/// Not by fmt, which throws where nobody reads standard error any more.
void complain(std::string const& what) { std::fprintf(stderr, "kvt: %s\n", what.c_str()); }

}  // namespace

int main(int argc, char** argv) {
    program p;
    p.app.require_subcommand(1);
    p.app.set_version_flag("--version", std::string{KVT_VERSION});
    p.experiment_commands();
    p.other_commands();
    p.trace_commands();
    cli::add_quant_commands(p.app, p.o, p.chosen);
    cli::add_train_command(p.app, p.o, p.chosen);
    cli::add_scaling_commands(p.app, p.o, p.chosen);
    try {
        refuse_empty(argc, argv);
        p.app.parse(argc, argv);
        int const code = p.chosen(p.o);
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
            throw kvt::error{kvt::error_kind::io, "standard output", "cannot be written"};
        return code;
    } catch (CLI::ParseError const& e) {
        if (e.get_exit_code() == 0) return p.app.exit(e);  // --help, --version
        complain(one_line(e.what(), p.app));
        return 2;
    } catch (kvt::error const& e) {
        complain(e.what());
        return e.exit_code();
    } catch (std::exception const& e) {
        complain(e.what());
        return 1;
    }
}
