// trace simulate, trace recover: an engine with known step costs, and whether estimators find them.
#include "commands.hpp"
#include "trace_files.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/table.hpp>
#include <kvt/trace/coverage.hpp>
#include <kvt/trace/load.hpp>
#include <kvt/trace/recover.hpp>

#include <fmt/core.h>

namespace cli {

namespace trace = kvt::trace;
using kvt::json;

namespace {

trace::step_engine engine_of(trace_options const& t) {
    return {.beta0 = t.beta0,
            .beta1 = t.beta1,
            .beta2 = t.beta2,
            .chunk_size = t.engine_chunk,
            .max_running = t.max_running,
            .token_budget = t.token_budget,
            .first_token_in_prefill = !t.first_token_in_decode,
            .noise_sigma = t.noise_sigma,
            .noise_seed = t.noise_seed,
            .time_quantum = t.quantum,
            .time_origin = t.origin};
}

std::string percent_off(std::optional<double> error) { return error ? fmt::format("{:+.2f} %", 100 * *error) : "N/A"; }

}  // namespace

std::vector<trace::request> load_requests(trace_options const& t) {
    auto out = naming(t.file, [&] { return trace::read_requests(t.file); });
    if (t.first && *t.first < static_cast<std::int64_t>(out.size())) out.resize(static_cast<std::size_t>(*t.first));
    return out;
}

int trace_simulate(options const& o) {
    auto const& t = o.trace;
    refuse_same({{"the requests", t.file}, {"--output", t.output}, {"--steps", t.steps}});
    auto const engine = engine_of(t);
    auto const run = trace::simulate(trace::at_speed(load_requests(t), t.speeds.at(0)), engine);
    auto const write = [](std::string const& path, std::string const& text) {
        kvt::write_file(path, text);
        fmt::print(stderr, "wrote {}\n", path);
    };
    if (!t.steps.empty()) write(t.steps, kvt::to_csv<trace::step_record>(run.log));
    auto const csv = kvt::to_csv<trace::phase>(run.phases);
    if (t.output.empty()) fmt::print("{}", csv);
    else write(t.output, csv);
    auto const facts = json::of({{"steps", run.log.size()},
                                 {"phases", run.phases.size()},
                                 {"dropped_phases", run.dropped_phases},
                                 {"busy_seconds", run.busy_seconds},
                                 {"makespan_seconds", run.makespan_seconds},
                                 {"mean_batch", run.mean_batch},
                                 {"engine", kvt::to_json(engine)}});
    if (!o.quiet) fmt::print(stderr, "{}\n", kvt::dump(facts));
    return 0;
}

namespace {

/// What is simulated: one file at several speeds, or the standard loads.
struct recovered_load {
    std::string name;
    std::vector<trace::request> requests;
};

std::vector<recovered_load> loads_of(trace_options const& t) {
    if (t.file.empty() != t.standard_loads)
        throw kvt::error{kvt::error_kind::usage, "trace recover", "no load", "FILE.csv or --standard-loads"};
    std::vector<recovered_load> out;
    if (t.standard_loads) {
        for (auto const& [name, load] : trace::standard_loads(t.first.value_or(1500)))
            for (double const speed : t.speeds)
                out.push_back({t.speeds.size() > 1 ? name + " x " + kvt::shortest(speed) : name,
                               trace::at_speed(trace::requests_of(load), speed)});
        return out;
    }
    auto const requests = load_requests(t);
    for (double const speed : t.speeds)
        out.push_back({"speed " + kvt::shortest(speed), trace::at_speed(requests, speed)});
    return out;
}

/// Columns of a table, all but the first two to the right.
kvt::report::table table_with(std::vector<std::string> const& names) {
    kvt::report::table out;
    for (auto const& name : names)
        out.columns.push_back(
            {name, out.columns.empty() ? kvt::report::cell_align::left : kvt::report::cell_align::right});
    return out;
}

int print_coverage(options const& o, trace::step_engine const& engine) {
    auto const& t = o.trace;
    if (!t.standard_loads)
        throw kvt::error{kvt::error_kind::usage, "--simulations", "one file cannot be drawn anew", "--standard-loads"};
    trace::block_bootstrap const intervals{.resamples = 400, .alpha = 1 - t.level};
    intervals.check();
    kvt::run_context context;
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const loads = trace::standard_loads(t.first.value_or(500));
    auto table = table_with(
        {"load", "none", "beta0 held", "half", "bias", "beta1 held", "half", "bias", "beta2 held", "half", "bias"});
    json all = json::list({});
    {
        auto task = context.progress.begin("simulating", loads.size(), "loads");
        for (auto const& load : loads) {
            auto const found =
                trace::measure_coverage(load, engine, t.simulations, {}, intervals, kvt::exec::thread_executor{0});
            std::vector<std::string> row{found.load, std::to_string(found.without_interval)};
            for (std::size_t c = 0; c < 3; ++c) {
                row.push_back(fmt::format("{:.1f} %", 100 * found.held[c]));
                row.push_back(fmt::format("{:.2f} %", 100 * found.half_width[c]));
                row.push_back(fmt::format("{:+.2f} %", 100 * found.bias[c]));
            }
            table.add(row);
            all.push_back(kvt::to_json(found));
            task.advance();
        }
    }
    if (o.json)
        fmt::print("{}\n",
                   kvt::dump(json::of({{"engine", kvt::to_json(engine)}, {"loads", all}}), kvt::json_style::pretty));
    else
        fmt::print(
            "{} simulations of each load, {} requests, step noise {:g} %; {:g} % intervals, shares that hold the truth, "
            "mean half widths and biases over the truth:\n\n{}",
            t.simulations, loads.front().load.requests, 100 * engine.noise_sigma, 100 * t.level,
            kvt::report::print_table(table));
    return 0;
}

}  // namespace

int trace_recover(options const& o) {
    auto const& t = o.trace;
    auto const engine = engine_of(t);
    if (t.simulations > 0) return print_coverage(o, engine);
    trace::iterative const robust, published = trace::iterative::preset(trace::iterative_preset::published);
    json all = json::list({});
    auto table = table_with({"load", "mean batch", "busy", "estimator", "beta0", "beta1", "beta2", "r2", "iterations"});
    table.columns[3].align = kvt::report::cell_align::left;
    for (auto const& [name, requests] : loads_of(t)) {
        auto found = trace::recover(requests, engine, trace::baseline{}, robust, published);
        found.estimators.at(1).estimator = "iterative, robust";
        found.estimators.at(2).estimator = "iterative, published";
        for (auto const& e : found.estimators)
            table.add({name, fmt::format("{:.1f}", found.mean_batch),
                       fmt::format("{:.0f} %", 100 * found.busy_fraction), e.estimator, percent_off(e.error0),
                       percent_off(e.error1), percent_off(e.error2), e.r2 ? fmt::format("{:.6f}", *e.r2) : "N/A",
                       e.iterations ? std::to_string(*e.iterations) : ""});
        auto one = kvt::to_json(found);
        one["load"] = name;
        all.push_back(std::move(one));
    }
    if (o.json) {
        fmt::print("{}\n",
                   kvt::dump(json::of({{"engine", kvt::to_json(engine)}, {"loads", all}}), kvt::json_style::pretty));
        return 0;
    }
    fmt::print("True costs: {:g} s a step, {:g} s a prefill token, {:g} s a decode token; chunk size {}.\n"
               "Estimates from phases alone, as relative errors:\n\n{}",
               engine.beta0, engine.beta1, engine.beta2, engine.chunk_size, kvt::report::print_table(table));
    return 0;
}

}  // namespace cli
