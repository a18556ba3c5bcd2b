#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/harness/report_words.hpp>
#include <kvt/report/table.hpp>

#include <algorithm>

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

/// A table of findings against one control, or nothing where there are none.
inline std::vector<contrast> against(report_input const& in, std::string_view control) {
    std::vector<contrast> out;
    for (auto const& c : in.found.contrasts)
        if (c.control == control && c.budget < 1) out.push_back(c);
    return out;
}

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
        strong("Accuracy") + " is the mean of the metric \"" + in.found.metric + "\" over scored requests; where the heading says all, "
                             "unanswered requests count as 0.",
        strong("Failure rate") + " is the share of requests with a failure row, or with a failure label on their answer. An answer cut "
                                 "off at the token limit is labelled TRUNCATED and scored all the same.",
        strong("Transition") + " is the first step down in budget at which the mean accuracy over bins falls by at least " +
            fixed(in.found.threshold, 2) + ". The zone lies between the two budgets.",
        strong("Budget") + " is the fraction of the bytes of a prompt's full KV cache that may be kept. It is \"proven\" where every "
                           "request has a receipt of what was kept, entry by entry, or where the counts that came back fit it; "
                           "\"declared\" where it was sent and nothing that proves it came back; \"label\" where it was not even sent.",
        strong("Interval") + " is a 95 % percentile bootstrap interval; comparisons are paired over the same prompts, and their "
                             "p-values are sign-flip tests corrected for many comparisons (Holm).",
    }});
}

/// The runs of one policy in a line each: "1.000 (1.00), 0.280 (0.50)".
KVT_DECL std::string by_budget(report_input const& in, std::string const& policy, std::optional<double> run_summary::*value, int digits) {
    std::string out;
    for (auto const& r : in.found.runs)
        if (r.policy == policy && r.*value)
            out += (out.empty() ? "" : ", ") + fixed(r.*value, digits) + " (" + fixed(r.budget, 2) + ")";
    return out.empty() ? "N/A" : out;
}

KVT_DECL void add_budget_answer(document& d, report_input const& in) {
    d.add(paragraph{strong("What changed with the budget? ") + "Accuracy over all requests, the budget in parentheses; the full cache "
                                                               "has " + by_budget(in, "full", &run_summary::accuracy, 3) + "."});
    bullets list;
    for (auto const& z : in.found.zones)
        if (z.policy != "full") list.items.push_back(strong(z.policy) + ": " + by_budget(in, z.policy, &run_summary::accuracy, 3));
    d.add(std::move(list));
}

KVT_DECL void add_transition_answer(document& d, report_input const& in) {
    if (in.found.baseline_fails) {
        d.add(paragraph{strong("Where is the transition? ") + no_reading(in.found)});
        return;
    }
    d.add(paragraph{strong("Where is the transition?")});
    bullets list;
    for (auto const& z : in.found.zones) list.items.emplace_back(zone_sentence(z));
    d.add(std::move(list));
}

KVT_DECL phrase cause_answer(report_input const& in) {
    int falls = 0, answers = 0, failures = 0;
    for (auto const& c : in.found.contrasts)
        for (auto const& b : c.bins) {
            falls += b.cause.kind != analysis::fall_kind::none;
            answers += b.cause.kind == analysis::fall_kind::degradation;
            failures += b.cause.kind == analysis::fall_kind::failure_driven;
        }
    std::string out = falls == 0 ? "No bin fell by the claimed amount at any budget."
                                 : std::to_string(falls) + " (bin, run) pairs fell; in " + std::to_string(answers) +
                                       " of them answers got worse, in " + std::to_string(failures) +
                                       " answers stopped arriving, the rest are mixed.";
    return strong("Is the fall due to accuracy or to failures? ") + out;
}

/// "0.007" or "0.007 to 0.009", over runs that `chosen` takes.
template <class Chosen>
std::string range_of(report_input const& in, Chosen chosen, int digits, std::string_view unit) {
    std::optional<double> least, most;
    for (auto const& r : in.found.runs)
        if (std::optional<double> const value = chosen(r)) {
            least = std::min(least.value_or(*value), *value), most = std::max(most.value_or(*value), *value);
        }
    if (!least) return "N/A";
    auto const a = fixed(least, digits), b = fixed(most, digits);
    return (a == b ? a : a + " to " + b) + std::string{unit};
}

KVT_DECL void add_cost_answer(document& d, report_input const& in) {
    d.add(paragraph{strong("What happened to latency and memory? ") +
                    "Median latency, and KV bytes kept of the full cache, over all policies at one budget:"});
    std::vector<double> budgets;
    for (auto const& r : in.found.runs)
        if (std::find(budgets.begin(), budgets.end(), r.budget) == budgets.end()) budgets.push_back(r.budget);
    std::sort(budgets.rbegin(), budgets.rend());
    bullets list;
    for (double const budget : budgets) {
        auto const latency = [&](run_summary const& r) { return r.budget == budget ? r.latency_p50 : std::nullopt; };
        auto const kept = [&](run_summary const& r) {
            bool const known = r.budget == budget && r.bytes_kept && r.bytes_full && *r.bytes_full > 0;
            return known ? std::optional{100 * *r.bytes_kept / *r.bytes_full} : std::nullopt;
        };
        list.items.push_back(strong("budget " + fixed(budget, 2)) + ": " + range_of(in, latency, 3, " s") + ", bytes kept " +
                             range_of(in, kept, 1, "%"));
    }
    d.add(std::move(list));
}

KVT_DECL void add_answers(document& d, report_input const& in) {
    std::int64_t smallest = in.bins.empty() ? 0 : in.bins.front().n_examples;
    for (auto const& b : in.bins) smallest = std::min(smallest, b.n_examples);
    std::string limits = "one serving stack, one task, metric \"" + in.found.metric + "\", at least " + std::to_string(smallest) +
                         " prompts a bin";
    if (smallest < 8) limits += " (fewer than 8: every statement about a bin is exploratory)";
    if (!in.found.budgets_proven) limits += "; budgets unproven";
    d.add(heading{"Answers"});
    add_budget_answer(d, in);
    add_transition_answer(d, in);
    d.add(paragraph{cause_answer(in)});
    add_cost_answer(d, in);
    d.add(paragraph{strong("What limits the conclusion? ") + limits + "."});
}

KVT_DECL void add_transitions(document& d, report_input const& in) {
    d.add(heading{"Transitions"});
    if (in.found.baseline_fails) d.add(note{severity::caution, "NO READING", no_reading(in.found)});
    bool const any = std::any_of(in.found.zones.begin(), in.found.zones.end(), [](auto const& z) { return z.step.found(); });
    if (any)
        d.add(kvt::report::table_of(in.found.zones, {{"policy"},
                                                     {"step.method", "detector"},
                                                     {"step.pre_budget", "holds at", cell_format::budget},
                                                     {"step.transition_budget", "breaks at", cell_format::budget},
                                                     {"step.acc_pre", "accuracy before"},
                                                     {"step.acc_post", "after"},
                                                     {"step.drop", "fall"},
                                                     kvt::report::interval("drop_low", "drop_high", "paired interval"),
                                                     {"step.transition_bin_idx", "bin hit hardest"}}));
    else if (!in.found.baseline_fails)
        d.add(paragraph{"No transition detected. Likely reasons: the curve is flat over these budgets, bins are too coarse, there "
                        "are too few examples, or failures dominate."});
    for (auto const& z : in.found.zones)
        if (z.failure_driven)
            d.add(note{severity::caution, "FAILURE-DRIVEN", z.policy + ": accuracy falls only where unanswered requests count as 0."});
    if (in.found.baseline_fails || in.bins.empty()) return;
    kvt::report::table t{.caption = "The smallest budget at which a bin still holds (accuracy within " + fixed(in.found.threshold, 2) +
                                    " of the full cache's)"};
    t.columns.push_back({"policy"});
    for (auto const& b : in.bins)
        t.columns.push_back({std::to_string(b.token_min) + "–" + std::to_string(b.token_max) + " tokens", kvt::report::cell_align::right});
    for (auto const& z : in.found.zones) {
        std::vector<std::string> cells{z.policy};
        for (auto const& b : z.bins) cells.push_back(b.holds_at ? fixed(b.holds_at, 2) : "none");
        cells.resize(t.columns.size(), "N/A");
        t.add(std::move(cells));
    }
    d.add(std::move(t));
}

KVT_DECL void add_deltas(document& d, report_input const& in) {
    auto const unproven = in.found.budgets_proven ? std::string{} : " (budgets not proven applied)";
    d.add(heading{"Differences" + unproven});
    std::vector<kvt::report::column> const pairs{{"policy"},
                                                 {"budget", "budget", cell_format::budget},
                                                 {"pairs.n_shared", "prompts"},
                                                 {"pairs.mean_base", "control"},
                                                 {"pairs.mean_other", "run"},
                                                 {"pairs.difference", "difference"},
                                                 kvt::report::interval("pairs.ci_low", "pairs.ci_high", "paired interval"),
                                                 {"p_holm", "p (Holm)"},
                                                 {"identical_outputs", "same outputs"}};
    auto const full = against(in, "full"), random = against(in, "random");
    if (!full.empty()) d.add(kvt::report::table_of(full, pairs, "Against the full cache, on the same prompts"));
    if (!random.empty()) d.add(kvt::report::table_of(random, pairs, "Against random eviction at equal bytes, on the same prompts"));
    if (random.empty())
        d.add(paragraph{"No run with random eviction at equal bytes is in this group; add \"random\" to kv.policies for that control."});
    for (auto const& c : full) {
        folded details{c.policy + " at budget " + fixed(c.budget, 2) + ", bin by bin", {}};
        details.blocks.push_back(kvt::report::table_of(c.bins, {{"bin_idx", "bin"},
                                                                {"token_min", "from"},
                                                                {"token_max", "to"},
                                                                {"pairs.mean_base", "full"},
                                                                {"pairs.mean_other", "run"},
                                                                {"pairs.difference", "difference"},
                                                                kvt::report::interval("pairs.ci_low", "pairs.ci_high", "paired interval"),
                                                                {"p_holm", "p (Holm)"},
                                                                {"cause.delta", "F1 difference"},
                                                                {"cause.delta_corrected", "had all answered"},
                                                                {"cause.share", "due to failures", cell_format::percent},
                                                                {"cause.kind", "kind"}}));
        if (c.verdict)
            details.blocks.push_back(
                paragraph{"Verdict: " + std::string{c.verdict->pass ? "compression makes answers worse"
                                                                    : "the bins together do not support that compression makes answers worse"} +
                          " (" + std::to_string(c.verdict->claimed_bins.size()) + " of " + std::to_string(c.bins.size()) +
                          " bins fell by 0.10 or more)."});
        d.add(std::move(details));
    }
}

KVT_DECL void add_runs(document& d, report_input const& in) {
    d.add(heading{"Runs"});
    d.add(kvt::report::table_of(in.found.runs, {{"run_id", "run", cell_format::code},
                                                {"policy"},
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
        d.add(note{severity::danger, "HIGH FAILURE RATE",
                   "More than a tenth of all requests failed; read every fall together with the column \"due to failures\"."});
    d.add(paragraph{"How to read failures: EMPTY_OUTPUT, REFUSAL and TRUNCATED are answers of the model; TIMEOUT, RATE_LIMITED, "
                    "ENGINE_ERROR and FORMAT_ERROR are the serving stack's; PROMPT_TOO_LONG and CONTEXT_LENGTH_EXCEEDED mean the "
                    "prompt did not fit. Only the first kind says something about the cache."});
}

KVT_DECL void add_efficiency(document& d, report_input const& in) {
    d.add(heading{"Efficiency"});
    d.add(kvt::report::table_of(in.found.runs, {{"policy"},
                                                {"budget", "budget", cell_format::budget},
                                                {"cost.avg_prompt_tokens", "prompt tokens", cell_format::tokens},
                                                {"cost.avg_completion_tokens", "completion tokens", cell_format::tokens},
                                                {"cost.wall_span_s", "wall span s"},
                                                {"cost.effective_rpm", "requests/min", cell_format::tokens},
                                                {"cost.completion_tokens_per_s", "tokens/s", cell_format::tokens},
                                                {"cost.cost_proxy", "cost proxy", cell_format::tokens},
                                                {"cost.telemetry_coverage", "telemetry", cell_format::percent}}));
    d.add(kvt::report::table_of(in.bins, {{"bin_idx", "bin"}, {"token_min", "from"}, {"token_max", "to"}, {"n_examples", "prompts"}},
                                "Prompt tokens by bin"));
}

KVT_DECL void add_sanity(document& d, report_input const& in) {
    d.add(heading{"Sanity validation"});
    if (in.found.sanity.empty()) {
        d.add(paragraph{"Not shown: prompt-by-prompt scores are listed for groups of at most 40 prompts (see config/experiments/sanity.yaml)."});
        return;
    }
    d.add(kvt::report::table_of(in.found.sanity, {{"entry_idx", "entry"},
                                                  {"bin_idx", "bin"},
                                                  {"token_len", "tokens"},
                                                  {"run_id", "run", cell_format::code},
                                                  {"baseline", "full"},
                                                  {"low", "run"},
                                                  {"flag"}}));
    auto const flagged = std::count_if(in.found.sanity.begin(), in.found.sanity.end(), [](auto const& c) { return !c.flag.empty(); });
    d.add(paragraph{std::to_string(flagged) + " of " + std::to_string(in.found.sanity.size()) + " pairs are flagged. A score that rises "
                    "when the budget falls points to a metric that does not suit the task, or to answers leaking into prompts, if it "
                    "happens systematically."});
}

KVT_DECL void add_limits(document& d, report_input const& in) {
    d.add(heading{"Limitations"});
    bullets list;
    list.items.emplace_back("The findings hold for this model, this task and these prompts; nothing here says how another model would behave.");
    list.items.emplace_back("The headline detector compares neighbouring budgets, so a slide in many small steps is found by baseline_drop only.");
    list.items.emplace_back("For scores of 0 and 1 the standard deviation follows from the mean; a rising one proves nothing by itself.");
    if (!in.found.budgets_proven) list.items.emplace_back("Budgets are not proven applied.");
    if (in.dataset.token_mode == "approx_v1")
        list.items.emplace_back("Lengths are approximations by words (approx_v1); text without spaces is counted far too low.");
    d.add(std::move(list));
}

}  // namespace kvt::inline KVT_ABI::harness::detail
