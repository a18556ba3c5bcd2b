// trace judge: costs estimated from an engine's phase log, beside those that its step log tells.
#include "commands.hpp"

#include <kvt/core/json.hpp>
#include <kvt/report/table.hpp>
#include <kvt/trace/judge.hpp>
#include <kvt/trace/read.hpp>

#include <fmt/core.h>

#include <array>

namespace cli {

namespace trace = kvt::trace;

namespace {

constexpr std::array labels{"beta0 (sec/step)", "beta1 (sec/token)", "beta2 (sec/token)"};

std::string signed_percent(std::optional<double> error) {
    return error ? fmt::format("{:+.1f} %", 100 * *error) : "N/A";
}
std::string r2_text(std::optional<double> r2) { return r2 ? fmt::format("{:.4f}", *r2) : "N/A"; }

/// What the steps tell, under three models of their cost.
kvt::report::table truth_table(trace::judgement const& j) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "What the step log tells",
                           .columns = {{""},
                                       {"steps", cell_align::right},
                                       {"steps, attention apart", cell_align::right},
                                       {"phases, counted", cell_align::right}}};
    auto const& context = j.with_attention;
    auto const all = j.on_steps.beta.all(), phases = j.on_phases.beta.all();
    for (std::size_t i = 0; i < labels.size(); ++i)
        out.add({labels[i], fmt::format("{:.4g}", all[i]),
                 context ? fmt::format("{:.4g}", context->beta.all()[i]) : "N/A", fmt::format("{:.4g}", phases[i])});
    auto const entry = [&](char const* label, std::optional<double> trace::measured_costs::*cost) {
        out.add({label, "", context ? fmt::format("{:.4g}", (*context.*cost).value_or(0)) : "N/A", ""});
    };
    entry("prefill, sec/entry seen", &trace::measured_costs::per_prefill_attended);
    entry("decode, sec/entry seen", &trace::measured_costs::per_decode_attended);
    out.add({"r2", r2_text(j.on_steps.r2), context ? r2_text(context->r2) : "N/A", r2_text(j.on_phases.r2)});
    out.add({"rmse (sec)", fmt::format("{:.3g}", j.on_steps.rmse_seconds),
             context ? fmt::format("{:.3g}", context->rmse_seconds) : "N/A",
             fmt::format("{:.3g}", j.on_phases.rmse_seconds)});
    return out;
}

/// What estimators made of the phases alone, and how far that is from the steps.
kvt::report::table estimate_table(trace::judgement const& j) {
    using kvt::report::cell_align;
    kvt::report::table out{
        .caption = "What the phases alone tell, and the error against the steps",
        .columns = {
            {""}, {"steps", cell_align::right}, {"phases, counted", cell_align::right}, {"error", cell_align::right}}};
    auto const steps = j.on_steps.beta.all(), counted = j.on_phases.beta.all();
    for (auto const& e : j.estimators) {
        out.columns.push_back({e.estimator, cell_align::right});
        out.columns.push_back({"error", cell_align::right});
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
        std::vector<std::string> row{
            labels[i], fmt::format("{:.4g}", steps[i]), fmt::format("{:.4g}", counted[i]),
            signed_percent(steps[i] == 0 ? std::nullopt : std::optional{counted[i] / steps[i] - 1})};
        for (auto const& e : j.estimators) {
            std::array const errors{e.error0, e.error1, e.error2};
            row.push_back(fmt::format("{:.4g}", e.estimate.all()[i]));
            row.push_back(signed_percent(errors[i]));
        }
        out.add(std::move(row));
    }
    std::vector<std::string> row{"r2", r2_text(j.on_steps.r2), r2_text(j.on_phases.r2), ""};
    for (auto const& e : j.estimators) row.push_back(r2_text(e.r2)), row.emplace_back();
    out.add(std::move(row));
    return out;
}

}  // namespace

int trace_judge(options const& o) {
    auto const& t = o.trace;
    auto const steps = trace::read_steps(t.steps);
    auto const found =
        trace::judge(trace::read_trace(t.file), steps, {.chunk_size = static_cast<double>(t.engine_chunk)},
                     trace::baseline{}, trace::iterative{});
    if (o.json) {
        auto out = kvt::to_json(found);
        out["chunk_size"] = t.engine_chunk;
        out["logs_agree"] = found.logs.agree();
        fmt::print("{}\n", kvt::dump(out, kvt::json_style::pretty));
        return 0;
    }
    fmt::print(
        "{} steps, {} phases, chunk size {}; {:.1f} tokens a step; {:.3f} s of steps; the logs {}.\n\n{}\n\n{}\n\n",
        found.logs.steps, found.logs.phases, t.engine_chunk, found.mean_tokens, found.step_seconds,
        found.logs.agree() ? "agree" : "DISAGREE", kvt::report::print_table(truth_table(found)),
        kvt::report::print_table(estimate_table(found)));
    for (auto const& reason : found.reasons) fmt::print("* {}\n", reason);
    return 0;
}

}  // namespace cli
