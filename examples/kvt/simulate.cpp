// trace simulate, trace recover: an engine with known step costs, and whether estimators find them.
#include "commands.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/table.hpp>
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
    auto out = trace::read_requests(t.file);
    if (t.first && *t.first < static_cast<std::int64_t>(out.size())) out.resize(static_cast<std::size_t>(*t.first));
    return out;
}

int trace_simulate(options const& o) {
    auto const& t = o.trace;
    auto const engine = engine_of(t);
    auto const run = trace::simulate(trace::at_speed(load_requests(t), t.speeds.at(0)), engine);
    auto const write = [](std::string const& path, std::string const& text) {
        kvt::write_file(path, text);
        fmt::print(stderr, "wrote {}\n", path);
    };
    auto const csv = kvt::to_csv<trace::phase>(run.phases);
    if (t.output.empty()) fmt::print("{}", csv);
    else write(t.output, csv);
    if (!t.steps.empty()) write(t.steps, kvt::to_csv<trace::step_record>(run.log));
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

int trace_recover(options const& o) {
    auto const& t = o.trace;
    auto const engine = engine_of(t);
    auto const requests = load_requests(t);
    trace::iterative const robust, published = trace::iterative::preset(trace::iterative_preset::published);
    json all = json::list({});
    kvt::report::table table{.columns = {{"speed"},
                                         {"mean batch", kvt::report::cell_align::right},
                                         {"busy", kvt::report::cell_align::right},
                                         {"estimator"},
                                         {"beta0", kvt::report::cell_align::right},
                                         {"beta1", kvt::report::cell_align::right},
                                         {"beta2", kvt::report::cell_align::right},
                                         {"r2", kvt::report::cell_align::right},
                                         {"iterations", kvt::report::cell_align::right}}};
    for (double const speed : t.speeds) {
        auto found = trace::recover(trace::at_speed(requests, speed), engine, trace::baseline{}, robust, published);
        found.estimators.at(1).estimator = "iterative, robust";
        found.estimators.at(2).estimator = "iterative, published";
        for (auto const& e : found.estimators)
            table.add({kvt::shortest(speed), fmt::format("{:.1f}", found.mean_batch),
                       fmt::format("{:.0f} %", 100 * found.busy_fraction), e.estimator, percent_off(e.error0),
                       percent_off(e.error1), percent_off(e.error2), e.r2 ? fmt::format("{:.6f}", *e.r2) : "N/A",
                       e.iterations ? std::to_string(*e.iterations) : ""});
        auto one = kvt::to_json(found);
        one["speed"] = speed;
        all.push_back(std::move(one));
    }
    if (o.json) {
        fmt::print("{}\n",
                   kvt::dump(json::of({{"engine", kvt::to_json(engine)}, {"loads", all}}), kvt::json_style::pretty));
        return 0;
    }
    fmt::print("True costs: {:g} s a step, {:g} s a prefill token, {:g} s a decode token; {} requests, chunk size {}.\n"
               "Estimates from phases alone, as relative errors:\n\n{}",
               engine.beta0, engine.beta1, engine.beta2, requests.size(), engine.chunk_size,
               kvt::report::print_table(table));
    return 0;
}

}  // namespace cli
