// trace predict: what users of other loads, chunk sizes and limits would see.
#include "commands.hpp"
#include "trace_files.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/table.hpp>
#include <kvt/trace/beta_intervals.hpp>
#include <kvt/trace/held_out.hpp>
#include <kvt/trace/predict.hpp>
#include <kvt/trace/read.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace cli {

namespace trace = kvt::trace;
using kvt::json;

namespace {

/// What a prediction stands on.
struct costs {
    trace::coefficients beta;
    std::optional<double> noise;                    ///< found in the residuals of a trace
    std::optional<trace::phases> shown;             ///< the trace
    std::vector<trace::coefficients> replicates{};  ///< what resampled busy periods of it say
};

costs costs_of(trace_options const& t, kvt::run_context& context) {
    if (t.betas.empty() == t.from_trace.empty())
        throw kvt::error{kvt::error_kind::usage, "trace predict", "costs are needed from one place",
                         "--betas b0,b1,b2 or --from-trace PHASES.csv"};
    if (!t.betas.empty()) {
        if (t.betas.size() != 3)
            throw kvt::error{kvt::error_kind::usage, "--betas", std::to_string(t.betas.size()) + " numbers",
                             "three: b0,b1,b2"};
        return {{t.betas[0], t.betas[1], t.betas[2]}, {}, {}};
    }
    trace::iterative const method;
    trace::step_rule const rule{.chunk_size = t.trace_chunk.value_or(static_cast<double>(t.chunk_sizes.at(0)))};
    auto rows = phases_of(context, t.from_trace, trace::check{rule, method});
    auto const exposed = trace::expose_trace(rows);
    auto const found = method(exposed);
    trace::beta_intervals sure;
    if (t.beta_replicates.empty())
        sure = trace::block_bootstrap{.resamples = std::max<std::int64_t>(t.replicates, 100)}(exposed, method, found);
    // A resample may leave steps without any cost, which no engine has.
    std::erase_if(sure.replicates,
                  [](trace::coefficients const& b) { return !(b.beta0 + std::min(b.beta1, b.beta2) > 0); });
    return {found.beta, trace::step_noise(exposed, found.beta, method.prefill_correction), std::move(rows),
            std::move(sure.replicates)};
}

/// Costs that are as likely, from CSV.
std::vector<trace::coefficients> read_replicates(std::string const& path) {
    auto out = kvt::from_csv<trace::coefficients>(kvt::read_file(path), path);
    if (out.empty())
        throw kvt::error{kvt::error_kind::malformed, path, "no rows", "beta0,beta1,beta2 and a row a set of costs"};
    for (std::size_t i = 0; i < out.size(); ++i)
        for (double const b : out[i].all())
            if (!(b >= 0) || !std::isfinite(b))
                throw kvt::error{kvt::error_kind::malformed, path + ": row " + std::to_string(i + 1),
                                 "a cost of " + kvt::shortest(b), "a number not below 0"};
    return out;
}

std::string shown(trace::figure const& f, char const* unit = "") {
    if (!f.value) return "N/A";
    if (!f.low) return fmt::format("{:.4g}{}", *f.value, unit);
    return fmt::format("{:.4g}{} [{:.4g}, {:.4g}]", *f.value, unit, *f.low, *f.high);
}

/// A table with the scenarios down and one kind of figure across.
class scenario_table {
  public:
    explicit scenario_table(std::vector<std::string> const& names) {
        for (auto const* name : {"speed", "chunk", "running", "budget"}) add_column(name);
        for (auto const& name : names) add_column(name);
    }
    void add(trace::scenario const& s, std::vector<std::string> const& cells) {
        auto const limit = [](std::int64_t n) { return n == 0 ? "none" : std::to_string(n); };
        std::vector<std::string> row{kvt::shortest(s.speed), std::to_string(s.chunk_size), limit(s.max_running),
                                     limit(s.token_budget)};
        row.insert(row.end(), cells.begin(), cells.end());
        table_.add(row);
    }
    void print(char const* title) const { fmt::print("\n{}\n{}", title, kvt::report::print_table(table_)); }

  private:
    void add_column(std::string const& name) { table_.columns.push_back({name, kvt::report::cell_align::right}); }
    kvt::report::table table_;
};

void print_predictions(std::vector<trace::prediction> const& all, trace::service_goal const& goal) {
    struct part {
        char const* title;
        trace::distribution trace::service::*times;
    };
    for (auto const& [title, times] :
         {part{"Time to the first token, seconds", &trace::service::ttft},
          part{"Inter-token latency, seconds", &trace::service::itl},
          part{"Time per output token after the first (TPOT), seconds", &trace::service::tpot}}) {
        scenario_table table{{"mean", "p50", "p90", "p95", "p99"}};
        for (auto const& p : all) {
            auto const& d = p.service.*times;
            table.add(p.scenario, {shown(d.mean), shown(d.p50), shown(d.p90), shown(d.p95), shown(d.p99)});
        }
        table.print(title);
    }
    scenario_table table{
        {"requests/s", "tokens/s", "good requests/s", "good tokens/s", "good share", "busy", "mean batch"}};
    for (auto const& p : all) {
        auto const& s = p.service;
        table.add(p.scenario,
                  {shown(s.requests_per_second), shown(s.tokens_per_second), shown(s.goodput_requests_per_second),
                   shown(s.goodput_tokens_per_second), shown(s.good_share), shown(s.busy_share), shown(s.mean_batch)});
    }
    auto const limit = [](char const* name, std::optional<double> seconds) {
        return seconds ? fmt::format("{} at most {} s", name, kvt::shortest(*seconds)) : fmt::format("any {}", name);
    };
    table.print(
        fmt::format("Throughput, and goodput ({}, {})", limit("TTFT", goal.ttft), limit("TPOT", goal.tpot)).c_str());
}

void print_held_out(trace::held_out_report const& r, double share) {
    kvt::report::table table{.columns = {{"figure"},
                                         {"shown", kvt::report::cell_align::right},
                                         {"predicted", kvt::report::cell_align::right},
                                         {"error", kvt::report::cell_align::right}}};
    auto const number = [](std::optional<double> v) { return v ? fmt::format("{:.6g}", *v) : std::string{"N/A"}; };
    for (auto const& f : r.figures)
        table.add(
            {f.name, number(f.shown), number(f.predicted), f.error ? fmt::format("{:+.2f} %", 100 * *f.error) : "N/A"});
    fmt::print(
        "\nHeld out: the last {} of the requests ({} of them, {} found in the trace); costs from the {} phases before:\n"
        "beta0 {:.6g}, beta1 {:.6g}, beta2 {:.6g}\n{}",
        kvt::shortest(share), r.held_out_requests, r.compared_requests, r.fitted_phases, r.beta.beta0, r.beta.beta1,
        r.beta.beta2, kvt::report::print_table(table));
    if (r.median_ttft_error)
        fmt::print("Median error of a request's own time to the first token: {:.2f} %\n", 100 * *r.median_ttft_error);
}

}  // namespace

int trace_predict(options const& o) {
    auto const& t = o.trace;
    kvt::run_context context;
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const requests = load_requests(t);
    if (t.held_out && t.from_trace.empty())
        throw kvt::error{kvt::error_kind::usage, "--held-out", "there is no trace to compare with",
                         "--from-trace PHASES.csv"};
    trace::service_goal const goal{t.slo_ttft, t.slo_tpot};
    goal.check();
    trace::uncertainty{.noise_sigma = t.sigma.value_or(0), .replicates = t.replicates, .level = t.level}.check();
    if (t.held_out && !(*t.held_out > 0 && *t.held_out < 1))
        throw kvt::error{kvt::error_kind::usage, "--held-out", kvt::shortest(*t.held_out), "a share between 0 and 1"};
    auto const from = costs_of(t, context);
    trace::step_engine base{.beta0 = from.beta.beta0, .beta1 = from.beta.beta1, .beta2 = from.beta.beta2};
    base.first_token_in_prefill = !t.first_token_in_decode;
    trace::uncertainty unsure{
        .noise_sigma = t.sigma.value_or(from.noise.value_or(0)), .replicates = t.replicates, .level = t.level};
    if (!t.beta_replicates.empty()) unsure.betas = read_replicates(t.beta_replicates);
    else unsure.betas = from.replicates;
    unsure.check();
    std::vector<trace::scenario> scenarios;
    for (double const speed : t.speeds)
        for (auto const chunk : t.chunk_sizes)
            for (auto const running : t.max_runnings)
                for (auto const budget : t.token_budgets) scenarios.push_back({speed, chunk, running, budget});
    for (auto const& s : scenarios) (void)trace::at_speed({}, s.speed), trace::engine_of(s, base).check();
    std::vector<trace::prediction> all;
    {
        auto task = context.progress.begin("replaying", scenarios.size(), "scenarios");
        for (auto const& s : scenarios) all.push_back(trace::predict(requests, base, s, goal, unsure)), task.advance();
    }
    std::optional<trace::held_out_report> held_out;
    if (t.held_out)
        held_out = trace::predict_held_out(trace::at_speed(requests, scenarios[0].speed), *from.shown,
                                           trace::engine_of(scenarios[0], base), *t.held_out);
    if (o.json) {
        json out = json::of({{"beta", kvt::to_json(from.beta)},
                             {"noise_sigma", unsure.noise_sigma},
                             {"replicates", unsure.runs()},
                             {"level", unsure.level},
                             {"goal", kvt::to_json(goal)},
                             {"predictions", json::list({})}});
        for (auto const& p : all) out["predictions"].push_back(kvt::to_json(p));
        if (held_out) out["held_out"] = kvt::to_json(*held_out);
        fmt::print("{}\n", kvt::dump(out, kvt::json_style::pretty));
        return 0;
    }
    fmt::print("{} requests; beta0 {:.6g} s a step, beta1 {:.6g} s a prefill token, beta2 {:.6g} s a decode token{}\n",
               requests.size(), from.beta.beta0, from.beta.beta1, from.beta.beta2,
               from.shown ? " (re-weighted estimate)" : "");
    if (unsure.runs() > 0)
        fmt::print("Intervals hold the middle {} of {} replicates{}{}.\n", kvt::shortest(unsure.level), unsure.runs(),
                   unsure.betas.empty() ? "" : fmt::format(" of {} sets of costs", unsure.betas.size()),
                   unsure.noise_sigma > 0 ? fmt::format(" with step noise of {:.2g} %", 100 * unsure.noise_sigma) : "");
    print_predictions(all, goal);
    if (held_out) print_held_out(*held_out, *t.held_out);
    return 0;
}

}  // namespace cli
