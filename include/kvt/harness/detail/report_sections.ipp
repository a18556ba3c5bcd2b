#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/engine/primitives.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/harness/report_words.hpp>
#include <kvt/harness/terms.hpp>
#include <kvt/report/table.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::harness::detail {

using kvt::report::bullets;
using kvt::report::cell_format;
using kvt::report::document;
using kvt::report::facts;
using kvt::report::folded;
using kvt::report::heading;
using kvt::report::note;
using kvt::report::paragraph;
using kvt::report::phrase;
using kvt::report::severity;
using kvt::report::strong;

inline std::string or_none(optional_text const& text) { return text && !text->empty() ? *text : "N/A"; }

/// A budget in the terms of engines.
struct primitive_line {
    double budget = 1;
    engine::budget_primitives as;
};
KVT_RECORD(primitive_line, budget, as);

KVT_DECL void add_overview(document& d, report_input const& in) {
    auto const& first = in.runs.front().run;
    std::string policies, evidence;
    for (auto const& p : in.found.zones) policies += (policies.empty() ? "" : ", ") + p.policy;
    for (auto const& r : in.found.runs) {
        auto const label = std::string{name_of(r.level)} + " (" + std::string{name_of(r.evidence)} + ")";
        if (evidence.find(label) == std::string::npos) evidence += (evidence.empty() ? "" : ", ") + label;
    }
    d.add(heading{"Overview"});
    facts f;
    f.items = {{"group", kvt::report::code(in.experiment.exp_group_id)},
               {"created", or_none(in.experiment.created_at)},
               {"revision", or_none(in.experiment.git_hash)},
               {"notes", or_none(in.experiment.notes)},
               {"model", or_none(first.model_name)},
               {"model hash", kvt::report::code(or_none(model_hash_of(first)))},
               {"engine", or_none(first.engine_name)},
               {"host", or_none(first.base_url)},
               {"policies", policies},
               {"dataset", in.dataset.dataset_id},
               {"rows", in.dataset.n_rows ? std::to_string(*in.dataset.n_rows) : "N/A"},
               {"tokenizer", or_none(in.dataset.tokenizer_name) + " (" + or_none(in.dataset.token_mode) + ")"},
               {"prompt template", kvt::report::code(or_none(first.prompt_template_version))},
               {"manifest hash", kvt::report::code(or_none(in.dataset.manifest_hash))},
               {"configuration hash", kvt::report::code(or_none(in.experiment.config_hash))},
               {"budget evidence", evidence}};
    d.add(std::move(f));
}

KVT_DECL void add_terms(document& d, report_input const& in) {
    d.add(heading{"Terms"});
    d.add(bullets{{
        strong("Accuracy") + " is the mean of the metric \"" + in.found.metric +
            "\" over scored requests; where the heading says all, "
            "unanswered requests count as 0.",
        strong("Failure rate") +
            " is the share of requests with a failure row, or with a failure label on their answer. An answer cut "
            "off at the token limit is labelled TRUNCATED and scored all the same.",
        strong("Transition") +
            " is the first step down in budget at which the mean accuracy over bins falls by at least " +
            fixed(in.found.threshold, 2) + ". The zone lies between the two budgets.",
        strong("Budget") +
            " is the fraction of the bytes of a prompt's full KV cache that may be kept. It is \"proven\" where every "
            "request has a receipt of what was kept, entry by entry, or where the counts that came back fit it; "
            "\"declared\" where it was sent and nothing that proves it came back; \"label\" where it was not even sent. "
            "In a query_agnostic run it is applied to the context; the question's entries come on top and are in no "
            "figure here.",
        strong("Interval") + " is the " + interval_words(in.found) + " (" + in.found.interval +
            "); comparisons are paired over the same "
            "prompts, and their p-values are sign-flip tests corrected for many comparisons (Holm); \"≤\" where no "
            "permutation was as extreme. An interval around equal scores has no width and says nothing of how sure they "
            "are: where n of n prompts agree, one in n / 3 may still differ.",
    }});
}

/// The runs of one policy in a line each: "1.000 (1.00), 0.280 (0.50)".
KVT_DECL std::string by_budget(report_input const& in, std::string const& policy,
                               std::optional<double> run_summary::*value, int digits) {
    std::string out;
    for (auto const& r : in.found.runs)
        if (r.policy == policy && r.*value)
            out += (out.empty() ? "" : ", ") + fixed(r.*value, digits) + " (" + fixed(r.budget, 2) + ")";
    return out.empty() ? "N/A" : out;
}

KVT_DECL void add_budget_answer(document& d, report_input const& in) {
    std::optional<double> baseline;
    for (auto const& r : in.found.runs)
        if (r.run_id == in.found.baseline_run) baseline = r.accuracy;
    d.add(paragraph{strong("What changed with the budget? ") +
                    "Accuracy over all requests, the budget in parentheses; " + baseline_words(in.found) + " has " +
                    fixed(baseline, 3) + "."});
    bullets list;
    for (auto const& z : in.found.zones)
        if (z.policy != "full")
            list.items.push_back(strong(z.policy) + ": " + by_budget(in, z.policy, &run_summary::accuracy, 3));
    d.add(std::move(list));
}

KVT_DECL void add_transition_answer(document& d, report_input const& in) {
    if (in.found.baseline_fails) {
        d.add(paragraph{strong("Where is the transition? ") + no_reading(in.found)});
        return;
    }
    d.add(paragraph{strong("Where is the transition?")});
    bullets list;
    for (auto const& z : in.found.zones) list.items.emplace_back(zone_sentence(z, in.found));
    d.add(std::move(list));
}

KVT_DECL phrase cause_answer(report_input const& in) {
    auto const question = strong("Is the fall due to accuracy or to failures? ");
    int falls = 0, answers = 0, failures = 0;
    for (auto const& c : in.found.contrasts)
        for (auto const& b : c.bins) {
            falls += b.cause.kind != analysis::fall_kind::none;
            answers += b.cause.kind == analysis::fall_kind::degradation;
            failures += b.cause.kind == analysis::fall_kind::failure_driven;
        }
    if (falls == 0) return question + "By F1, no bin fell by the claimed amount at any budget.";
    auto const unproven =
        in.found.budgets_proven ? "" : " Budgets are not proven applied: no fall is attributed to compression.";
    return question + "By F1, " + std::to_string(falls) + " (bin, run) pairs fell; in " + std::to_string(answers) +
           " of them answers got worse, in " + std::to_string(failures) +
           " answers stopped arriving, the rest are mixed." + unproven;
}

/// "0.007" or "0.007 to 0.009", over runs that `chosen` takes.
template <class Chosen> std::string range_of(report_input const& in, Chosen chosen, int digits, std::string_view unit) {
    std::optional<double> least, most;
    for (auto const& r : in.found.runs)
        if (std::optional<double> const value = chosen(r)) {
            least = std::min(least.value_or(*value), *value), most = std::max(most.value_or(*value), *value);
        }
    if (!least) return "N/A";
    auto const a = fixed(least, digits), b = fixed(most, digits);
    return (a == b ? a : a + " to " + b) + std::string{unit};
}

/// The budgets of the group, each once, the largest first.
inline std::vector<double> budgets_of(report_input const& in) {
    std::vector<double> out;
    for (auto const& r : in.found.runs) out.push_back(r.budget);
    std::sort(out.rbegin(), out.rend());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

KVT_DECL void add_cost_answer(document& d, report_input const& in) {
    d.add(paragraph{strong("What happened to latency and memory? ") +
                    "Median latency, and KV bytes kept of the full cache, over all policies at one budget:"});
    bullets list;
    for (double const budget : budgets_of(in)) {
        auto const latency = [&](run_summary const& r) { return r.budget == budget ? r.latency_p50 : std::nullopt; };
        auto const kept = [&](run_summary const& r) {
            bool const known = r.budget == budget && r.bytes_kept && r.bytes_full && *r.bytes_full > 0;
            return known ? std::optional{100 * *r.bytes_kept / *r.bytes_full} : std::nullopt;
        };
        list.items.push_back(strong("budget " + fixed(budget, 2)) + ": " + range_of(in, latency, 3, " s") +
                             ", bytes kept " + range_of(in, kept, 1, "%"));
    }
    d.add(std::move(list));
}

KVT_DECL void add_answers(document& d, report_input const& in) {
    std::int64_t smallest = in.bins.empty() ? 0 : in.bins.front().n_examples;
    for (auto const& b : in.bins) smallest = std::min(smallest, b.n_examples);
    std::string limits = "one serving stack, one task, metric \"" + in.found.metric + "\", at least " +
                         std::to_string(smallest) + " prompts a bin";
    if (smallest < 8) limits += " (fewer than 8: every statement about a bin is exploratory)";
    if (!in.found.budgets_proven) limits += "; budgets unproven";
    d.add(heading{"Answers" + unproven_mark(in.found)});
    add_budget_answer(d, in);
    add_transition_answer(d, in);
    d.add(paragraph{cause_answer(in)});
    add_cost_answer(d, in);
    d.add(paragraph{strong("What limits the conclusion? ") + limits + "."});
}

/// What each budget asks of engines that do not take fractions (spec I6), for a prompt of mean length.
KVT_DECL void add_primitives(document& d, report_input const& in) {
    std::optional<double> tokens;
    std::vector<primitive_line> lines;
    for (auto const& r : in.found.runs)
        if (r.run_id == in.found.baseline_run) tokens = r.cost.avg_prompt_tokens;
    if (!tokens) return;
    auto const length = static_cast<std::int64_t>(std::llround(*tokens));
    for (double const budget : budgets_of(in)) lines.push_back({budget, engine::primitives_of(budget, length)});
    d.add(folded{"What these budgets mean to engines",
                 {kvt::report::table_of(lines,
                                        {{"budget", "budget", cell_format::budget},
                                         {"as.retained_tokens", "tokens kept"},
                                         {"as.compression_ratio", "compression ratio (share removed)"},
                                         {"as.sinks", "sinks"},
                                         {"as.window", "window"}},
                                        "For a prompt of " + std::to_string(length) + " tokens, the mean")}});
}

KVT_DECL void add_runs(document& d, report_input const& in) {
    d.add(heading{"Runs"});
    d.add(kvt::report::table_of(in.found.runs, {{"policy"},
                                                {"budget", "budget", cell_format::budget},
                                                {"level", "proof"},
                                                {"n_requests", "requests"},
                                                {"n_scored", "scored"},
                                                {"accuracy", "accuracy (all)"},
                                                kvt::report::interval("ci_low", "ci_high", "interval"),
                                                {"fail_rate", "failed", cell_format::percent},
                                                {"truncated_rate", "truncated", cell_format::percent},
                                                {"bytes_full", "KV full", cell_format::bytes},
                                                {"bytes_kept", "KV kept", cell_format::bytes}}));
    bullets unproven;
    for (auto const& r : in.found.runs)
        if (r.level != engine::budget_level::proven)
            unproven.items.push_back(kvt::report::code(r.run_id) + ": unproven; " + r.unproven);
    d.add(std::move(unproven));
    add_primitives(d, in);
    for (auto const& r : in.runs)
        d.add(folded{r.run.kv_policy.value_or("") + " at budget " + fixed(r.run.kv_budget, 2) + ", bin by bin",
                     {kvt::report::table_of(r.bins, {{"bin_idx", "bin"},
                                                     {"token_min", "from"},
                                                     {"token_max", "to"},
                                                     {"n", "scored"},
                                                     {"n_total", "requests"},
                                                     {"acc_mean", "accuracy"},
                                                     kvt::report::interval("acc_ci_low", "acc_ci_high", "interval"),
                                                     {"em_mean", "exact"},
                                                     {"fail_rate", "failed", cell_format::percent},
                                                     {"lat_p50", "latency p50 s"},
                                                     {"lat_p95", "p95 s"},
                                                     {"tok_p50", "tokens p50", cell_format::tokens},
                                                     {"tok_p95", "p95", cell_format::tokens}})}});
}

KVT_DECL void add_integrity(document& d, report_input const& in) {
    auto const& s = in.found.integrity;
    auto const share = [&](std::int64_t n) { return std::to_string(n) + " (" + s.share(n) + ")"; };
    d.add(heading{"Integrity"});
    facts f;
    f.items = {{"requests", std::to_string(s.total)},
               {"failures", share(s.failures)},
               {"empty outputs", share(s.empty_outputs)},
               {"refusals", share(s.labelled("REFUSAL"))},
               {"timeouts and engine errors", share(s.labelled("TIMEOUT") + s.labelled("ENGINE_ERROR"))},
               {"format errors", share(s.labelled("FORMAT_ERROR"))},
               {"missing telemetry", share(s.missing_telemetry)},
               {"failure rate", std::string{name_of(s.band)}}};
    d.add(std::move(f));
    if (!s.labels.empty()) d.add(kvt::report::table_of(s.labels, {{"label"}, {"count"}, {"share"}}));
    if (s.band == integrity_band::high)
        d.add(note{
            severity::danger, "HIGH FAILURE RATE",
            "More than a tenth of all requests failed; read every fall together with the column \"due to failures\"."});
    d.add(paragraph{
        "How to read failures: EMPTY_OUTPUT, REFUSAL and TRUNCATED are answers of the model; TIMEOUT, RATE_LIMITED, "
        "ENGINE_ERROR and FORMAT_ERROR are the serving stack's; PROMPT_TOO_LONG and CONTEXT_LENGTH_EXCEEDED mean the "
        "prompt did not fit. Only the first kind says something about the cache."});
}

KVT_DECL void add_efficiency(document& d, report_input const& in) {
    d.add(heading{"Efficiency"});
    d.add(
        kvt::report::table_of(in.found.runs, {{"policy"},
                                              {"budget", "budget", cell_format::budget},
                                              {"cost.avg_prompt_tokens", "prompt tokens", cell_format::tokens},
                                              {"cost.avg_completion_tokens", "completion tokens", cell_format::tokens},
                                              {"cost.wall_span_s", "wall span s"},
                                              {"cost.effective_rpm", "requests/min", cell_format::tokens},
                                              {"cost.completion_tokens_per_s", "tokens/s", cell_format::tokens},
                                              {"cost.cost_proxy", "cost proxy", cell_format::tokens},
                                              {"cost.telemetry_coverage", "telemetry", cell_format::percent},
                                              {"retries"}}));
    std::int64_t cached = 0, requests = 0;
    for (auto const& r : in.found.runs) cached += r.cached_prefills, requests += r.n_requests;
    if (cached > 0)
        d.add(paragraph{
            std::to_string(cached) + " of " + std::to_string(requests) +
            " prefills came from memory, where an earlier run of "
            "the group had left them. The time of these runs was not spent on them, so wall span and requests/min would "
            "state a speed-up that is not there, and are N/A; latencies count every prefill with the time it once took."});
    d.add(paragraph{"Pacing: " + in.pacing + "."});
    d.add(kvt::report::table_of(in.found.prompts,
                                {{"bin_idx", "bin"},
                                 {"token_min", "from"},
                                 {"token_max", "to"},
                                 {"n", "prompts"},
                                 {"least", "least", cell_format::tokens},
                                 {"p50", "p50", cell_format::tokens},
                                 {"p95", "p95", cell_format::tokens},
                                 {"most", "most", cell_format::tokens}},
                                "Prompt tokens by bin, as the engine counts them"));
}

KVT_DECL void add_sanity(document& d, report_input const& in) {
    d.add(heading{"Sanity validation"});
    if (in.found.sanity.empty()) {
        d.add(paragraph{
            "Not shown: prompt-by-prompt scores are listed for groups of at most 40 prompts (see config/experiments/sanity.yaml)."});
        return;
    }
    d.add(kvt::report::table_of(in.found.sanity, {{"entry_idx", "entry"},
                                                  {"bin_idx", "bin"},
                                                  {"token_len", "tokens"},
                                                  {"run_id", "run", cell_format::code},
                                                  {"baseline", baseline_label(in.found)},
                                                  {"low", "run"},
                                                  {"flag"}}));
    auto const flagged =
        std::count_if(in.found.sanity.begin(), in.found.sanity.end(), [](auto const& c) { return !c.flag.empty(); });
    d.add(paragraph{
        std::to_string(flagged) + " of " + std::to_string(in.found.sanity.size()) +
        " pairs are flagged. A score that rises "
        "when the budget falls points to a metric that does not suit the task, or to answers leaking into prompts, if it "
        "happens systematically."});
}

KVT_DECL void add_limits(document& d, report_input const& in) {
    d.add(heading{"Limitations"});
    bullets list;
    list.items.emplace_back(
        "The findings hold for this model, this task and these prompts; nothing here says how another model would behave.");
    list.items.emplace_back(
        "The headline detector compares neighbouring budgets, so a slide in many small steps is found by baseline_drop only "
        "(see \"What other detectors see\").");
    list.items.emplace_back(
        "For scores of 0 and 1 the standard deviation follows from the mean; a rising one proves nothing by itself.");
    if (!in.found.budgets_proven)
        list.items.emplace_back("Budgets are not proven applied, so no fall may be attributed to compression.");
    if (in.found.baseline_budget < 1)
        list.items.emplace_back("The group has no full cache: every run is compared with " + baseline_words(in.found) +
                                ".");
    if (in.dataset.token_mode == "approx_v1")
        list.items.emplace_back(
            "Lengths are approximations by words (approx_v1); text without spaces is counted far too low.");
    d.add(std::move(list));
}

}  // namespace kvt::inline KVT_ABI::harness::detail
