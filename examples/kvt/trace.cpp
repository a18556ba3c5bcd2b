// trace: what a step costs, from the times of phases.
#include "commands.hpp"
#include "trace_files.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/table.hpp>
#include <kvt/trace/beta_intervals.hpp>
#include <kvt/trace/describe.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/residuals.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace cli {

namespace trace = kvt::trace;
using kvt::json;

namespace {

/// The four phases whose figures are published, and these figures as they are printed.
trace::table self_check_rows() {
    using enum trace::phase_kind;
    static std::array<trace::phase, 4> const rows{{{"A", prefill, 0, 2, 96, 0},
                                                   {"A", decode, 2, 6, 0, 4},
                                                   {"B", prefill, 1, 3, 64, 0},
                                                   {"B", decode, 3, 5, 0, 2}}};
    return trace::table_of(rows);
}
constexpr std::string_view self_check_figures = R"(Estimated betas (baseline):
  beta0 (sec/step):  0.000000
  beta1 (sec/token): 0.014338
  beta2 (sec/token): 0.515229

Diagnostics:
  n_phases: 4.0
  r2: 0.8517629407351839
  rmse_seconds: 0.33343334333658375
  mean_duration_seconds: 2.5
  mean_steps: 2.25
  mean_A_pf_tokens: 76.0
  mean_A_dec_tokens: 2.625
)";

template <class Estimator> std::string settings_text(Estimator const& method) {
    std::string out;
    auto const fields = kvt::to_json(method);
    for (auto const& [key, value] : fields.members())
        out += (out.empty() ? "" : ", ") + key + " " + (value.is_text() ? value.text() : kvt::dump(value));
    return fmt::format("{}: {}", Estimator::name, out);
}

/// One estimator's answer, how sure it is, and what it misses.
template <class Estimate> struct answer {
    Estimate found;
    std::optional<trace::beta_intervals> sure{};
    trace::residual_report residuals{};
};

template <class Method>
auto ask(trace::exposure const& seen, Method const& method, trace::block_bootstrap const& intervals, bool sure) {
    answer<decltype(method(seen))> out{method(seen)};
    if (sure) out.sure = intervals(seen, method, out.found);
    out.residuals = trace::residuals_of(seen, trace::predicted(seen, method, out.found));
    return out;
}

/// Both answers, or one, and where they came from.
struct estimation {
    trace::step_rule rule;
    trace::baseline simple;
    trace::iterative reweighted;
    double origin = 0;  ///< when the first phase began
    std::optional<answer<trace::baseline_estimate>> a{};
    std::optional<answer<trace::iterative_estimate>> b{};

    [[nodiscard]] std::optional<trace::advice> advice() const {
        return a && b ? std::optional{trace::which_to_trust(a->found, b->found)} : std::nullopt;
    }
    [[nodiscard]] std::optional<std::string> warning() const {
        return a ? trace::hidden_by_r2(a->residuals, a->found.diagnostics.r2) : std::nullopt;
    }
};

template <class Estimate> std::string cell(answer<Estimate> const& from, std::size_t c) {
    auto const text = fmt::format("{:.6g}", from.found.beta.all()[c]);
    if (!from.sure) return text;
    return from.sure->low.empty() ? text + " [?]"
                                  : fmt::format("{} [{:.6g}, {:.6g}]", text, from.sure->low[c], from.sure->high[c]);
}

void print_coefficients(estimation const& e) {
    kvt::report::table table{.columns = {{""}}};
    if (e.a) table.columns.push_back({"baseline", kvt::report::cell_align::right});
    if (e.b) table.columns.push_back({"iterative", kvt::report::cell_align::right});
    constexpr std::array labels{"beta0 (sec/step)", "beta1 (sec/token)", "beta2 (sec/token)"};
    for (std::size_t c = 0; c < labels.size(); ++c) {
        std::vector<std::string> row{labels[c]};
        if (e.a) row.push_back(cell(*e.a, c));
        if (e.b) row.push_back(cell(*e.b, c));
        table.add(row);
    }
    fmt::print("\n{}", kvt::report::print_table(table));
    auto const* sure = e.b && e.b->sure ? &*e.b->sure : e.a && e.a->sure ? &*e.a->sure : nullptr;
    if (sure == nullptr) return;
    if (sure->low.empty())
        fmt::print("No intervals: {} busy period{}, {} block{} to resample, and 3 are needed.\n", sure->busy_periods,
                   sure->busy_periods == 1 ? "" : "s", sure->blocks, sure->blocks == 1 ? "" : "s");
    else
        fmt::print("Intervals: {:g} %, {} resamples of {} blocks from {} busy period{}.\n", 100 * sure->level,
                   sure->resamples, sure->blocks, sure->busy_periods, sure->busy_periods == 1 ? "" : "s");
}

void print_residuals(std::string_view of, trace::residual_report const& report, double origin) {
    fmt::print("\nResiduals ({}):\n", of);
    for (auto const& k : report.kinds)
        fmt::print("  {}: {} phases, r2 among themselves {}, predicted {:.1f} % of their time, rmse {:.6g} s\n",
                   kvt::name_of(k.kind), k.phases, kvt::fixed(k.r2, 4), 100 * k.mean_ratio, k.rmse_seconds);
    if (report.missed == 0) return;
    fmt::print("  {} phase{} beyond {:g} deviations{}:\n", report.missed, report.missed == 1 ? "" : "s", report.limit,
               report.missed > 5 ? ", the worst 5" : "");
    for (std::size_t i = 0; i < report.worst.size() && i < 5; ++i) {
        auto const& w = report.worst[i];
        fmt::print("    {} of {}, {:.6g} s after the first: {:.6g} s, predicted {:.6g} s\n", kvt::name_of(w.kind),
                   w.request_id, w.t_start - origin, w.observed_seconds, w.predicted_seconds);
    }
}

void print_text(estimation const& e) {
    if (e.a) fmt::print("{}", trace::describe(e.a->found));
    if (e.a && e.b) fmt::print("\n");
    if (e.b) fmt::print("{}", trace::describe(e.b->found));
    print_coefficients(e);
    if (e.b) print_residuals("iterative", e.b->residuals, e.origin);
    else print_residuals("baseline", e.a->residuals, e.origin);
    if (auto const why = e.warning()) fmt::print("\nWarning: the baseline's r2 hides a wrong coefficient: {}.\n", *why);
    if (auto const trust = e.advice()) fmt::print("\nTrust {}: {}.\n", kvt::name_of(trust->use), trust->reason);
    fmt::print("\nOptions: chunk_size {}, min_duration_sec {}", kvt::shortest(e.rule.chunk_size),
               kvt::shortest(e.rule.min_duration_sec));
    if (e.a) fmt::print("; {}", settings_text(e.simple));
    if (e.b) fmt::print("; {}", settings_text(e.reweighted));
    fmt::print("\n");
}

void print_json(estimation const& e) {
    json out = json::of({{"chunk_size", e.rule.chunk_size}, {"min_duration_sec", e.rule.min_duration_sec}});
    auto const add = [&](auto const& method, auto const& from) {
        out[method.name] = kvt::to_json(from.found);
        out[method.name]["options"] = kvt::to_json(method);
        if (from.sure) {
            auto sure = *from.sure;
            sure.replicates.clear();
            out[method.name]["intervals"] = kvt::to_json(sure);
        }
        out[method.name]["residuals"] = kvt::to_json(from.residuals);
    };
    if (e.a) add(e.simple, *e.a);
    if (e.b) add(e.reweighted, *e.b);
    if (auto const trust = e.advice()) out["advice"] = kvt::to_json(*trust);
    if (e.a) out["hidden_by_r2"] = e.warning() ? json{*e.warning()} : json{};
    fmt::print("{}\n", kvt::dump(out, kvt::json_style::pretty));
}

}  // namespace

trace::iterative iterative_of(trace_options const& o) {
    auto const preset = kvt::choice_of<trace::iterative_preset>(o.preset);
    if (!preset)
        throw trace::trace_error{trace::fault::bad_option, "preset \"" + o.preset + "\"", "robust or published"};
    auto out = trace::iterative::preset(*preset);
    if (!o.prefill_correction.empty())
        out.prefill_correction = trace::correction_named(o.prefill_correction, "prefill_correction");
    if (!o.init_correction.empty()) out.init_correction = trace::correction_named(o.init_correction, "init_correction");
    out.max_outer_iters = o.max_outer_iters.value_or(out.max_outer_iters);
    out.tol = o.tol.value_or(out.tol);
    out.damping = o.damping.value_or(out.damping);
    out.pressure_damping = o.pressure_damping.value_or(out.pressure_damping);
    return out;
}

int trace_estimate(options const& o) {
    auto const& t = o.trace;
    if (t.file.empty() && !t.self_check)
        throw kvt::error{kvt::error_kind::usage, "trace estimate", "no file", "FILE.csv or --self-check"};
    if (!(t.level > 0 && t.level < 1))
        throw kvt::error{kvt::error_kind::usage, "--level", kvt::shortest(t.level), "a number between 0 and 1"};
    trace::block_bootstrap const intervals{.resamples = t.resamples, .alpha = 1 - t.level};
    if (t.resamples != 0) intervals.check();
    if (t.self_check && (t.algo == "iterative" || t.correction != "uniform"))
        throw kvt::error{kvt::error_kind::usage, "--self-check",
                         "the published figures are the baseline's, corrected uniformly",
                         "no --algo iterative and no other --correction"};
    if (t.self_check && (!t.file.empty() || t.chunk_size.value_or(64) != 64))
        throw kvt::error{kvt::error_kind::usage, "--self-check", "it has rows and a chunk size of its own",
                         "no FILE and no --chunk-size"};
    refuse_same({{"the trace", t.file}, {"--replicates-csv", t.replicates_csv}});
    estimation e{
        .rule = {.chunk_size = t.self_check ? 64 : t.chunk_size.value_or(64), .min_duration_sec = t.min_duration_sec},
        .simple = {trace::correction_named(t.correction)},
        .reweighted = iterative_of(t)};
    e.rule.check();
    auto const check = t.algo.empty()          ? trace::check{e.rule, e.simple, e.reweighted}
                       : t.algo == "iterative" ? trace::check{e.rule, e.reweighted}
                                               : trace::check{e.rule, e.simple};
    kvt::run_context context;
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const seen =
        trace::expose{}(context, t.self_check ? check(context, self_check_rows()) : phases_of(context, t.file, check));
    e.origin = seen.grid.front();
    if (t.algo != "iterative") e.a = ask(seen, e.simple, intervals, t.resamples > 0);
    if (t.algo != "baseline") e.b = ask(seen, e.reweighted, intervals, t.resamples > 0);
    if (!t.replicates_csv.empty()) {
        auto const* sure = e.b && e.b->sure ? &*e.b->sure : e.a && e.a->sure ? &*e.a->sure : nullptr;
        if (sure == nullptr || sure->low.empty())
            throw kvt::error{kvt::error_kind::work, t.replicates_csv, "there are no resampled costs to write"};
        kvt::write_file(t.replicates_csv, kvt::to_csv<trace::coefficients>(sure->replicates));
        fmt::print(stderr, "wrote {}\n", t.replicates_csv);
    }
    if (!t.chunk_size && !t.self_check)
        fmt::print(
            stderr,
            "kvt: --chunk-size is not given: taken as 64; with another than the engine's every figure is wrong\n");
    if (o.json) print_json(e);
    else print_text(e);
    if (!t.self_check || !e.a) return 0;
    bool const same = trace::describe(e.a->found) == self_check_figures;
    if (!same) throw kvt::error{kvt::error_kind::work, "self-check", "the figures differ from the published ones"};
    fmt::print(stderr, "self-check: every printed digit is as published\n");
    return 0;
}

}  // namespace cli
