// trace: what a step costs, from the times of phases.
#include "commands.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/json.hpp>
#include <kvt/trace/describe.hpp>
#include <kvt/trace/read.hpp>

#include <fmt/core.h>

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

void print_side_by_side(trace::coefficients const& simple, trace::coefficients const& reweighted) {
    fmt::print("{:<19}{:>14}{:>14}\n", "", "baseline", "iterative");
    constexpr std::array labels{"beta0 (sec/step)", "beta1 (sec/token)", "beta2 (sec/token)"};
    for (std::size_t i = 0; i < labels.size(); ++i)
        fmt::print("{:<19}{:>14.6g}{:>14.6g}\n", labels[i], simple.all()[i], reweighted.all()[i]);
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
    return out;
}

int trace_estimate(options const& o) {
    auto const& t = o.trace;
    if (t.file.empty() && !t.self_check)
        throw kvt::error{kvt::error_kind::usage, "trace estimate", "no file", "FILE.csv or --self-check"};
    bool const both = t.algo.empty();
    trace::baseline const simple{trace::correction_named(t.correction)};
    auto const reweighted = iterative_of(t);
    trace::step_rule const rule{.chunk_size = t.self_check ? 64 : t.chunk_size, .min_duration_sec = t.min_duration_sec};
    rule.check();
    auto const check = both                    ? trace::check{rule, simple, reweighted}
                       : t.algo == "iterative" ? trace::check{rule, reweighted}
                                               : trace::check{rule, simple};
    kvt::run_context context;
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const exposed =
        trace::expose{}(context, check(context, t.self_check ? self_check_rows() : trace::read{t.file}(context, {})));
    std::optional<trace::baseline_estimate> a;
    std::optional<trace::iterative_estimate> b;
    if (t.algo != "iterative") a = simple(exposed);
    if (t.algo != "baseline") b = reweighted(exposed);
    if (o.json) {
        json out = json::of({{"chunk_size", rule.chunk_size}, {"min_duration_sec", rule.min_duration_sec}});
        auto const add = [&](auto const& method, auto const& found) {
            out[method.name] = kvt::to_json(found);
            out[method.name]["options"] = kvt::to_json(method);
        };
        if (a) add(simple, *a);
        if (b) add(reweighted, *b);
        if (both) out["advice"] = kvt::to_json(trace::which_to_trust(*a, *b));
        fmt::print("{}\n", kvt::dump(out, kvt::json_style::pretty));
    } else {
        if (a) fmt::print("{}", trace::describe(*a));
        if (both) fmt::print("\n");
        if (b) fmt::print("{}", trace::describe(*b));
        if (both) {
            auto const trust = trace::which_to_trust(*a, *b);
            fmt::print("\n");
            print_side_by_side(a->beta, b->beta);
            fmt::print("\nTrust {}: {}.\n", kvt::name_of(trust.use), trust.reason);
        }
        fmt::print("\nOptions: chunk_size {}, min_duration_sec {}", kvt::shortest(rule.chunk_size),
                   kvt::shortest(rule.min_duration_sec));
        if (a) fmt::print("; {}", settings_text(simple));
        if (b) fmt::print("; {}", settings_text(reweighted));
        fmt::print("\n");
    }
    if (!t.self_check || !a) return 0;
    bool const same = trace::describe(*a) == self_check_figures;
    if (simple.correction == trace::chunk_correction::uniform && !same)
        throw kvt::error{kvt::error_kind::work, "self-check", "the figures differ from the published ones"};
    if (same) fmt::print(stderr, "self-check: every printed digit is as published\n");
    return 0;
}

}  // namespace cli
