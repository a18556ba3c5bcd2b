#pragma once

#include <kvt/analysis/instability.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/harness/report_words.hpp>
#include <kvt/report/table.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace kvt::inline KVT_ABI::harness::detail {

using kvt::report::bullets;
using kvt::report::cell_format;
using kvt::report::document;
using kvt::report::folded;
using kvt::report::heading;
using kvt::report::note;
using kvt::report::paragraph;
using kvt::report::severity;

/// The contrasts with one control at budgets below the baseline's.
inline std::vector<contrast> against(report_input const& in, std::string_view control) {
    std::vector<contrast> out;
    for (auto const& c : in.found.contrasts)
        if (c.control == control && c.budget < in.found.baseline_budget) out.push_back(c);
    return out;
}

/// A corrected p-value: "0.0125"; "≤ 0.0025" where no permutation was as extreme, rounded up.
inline std::string p_text(std::optional<double> p, bool is_bound) {
    return p && is_bound ? "≤ " + fixed(std::ceil(*p * 1e4) / 1e4, 4) : fixed(p, 4);
}

/// One comparison as it is printed.
struct difference_line {
    std::string policy{};
    double budget = 1;
    std::int64_t bin = 0, from = 0, to = 0;
    analysis::comparison pairs{};
    std::string p{}, same{};
    analysis::attribution cause{};
};
KVT_RECORD(difference_line, policy, budget, bin, from, to, pairs, p, same, cause);

/// Bins of one policy that stand out at one budget.
struct instability_line {
    std::string policy;
    analysis::instability_zone at;
};
KVT_RECORD(instability_line, policy, at);

/// A detector's answer in a cell: the transition it sees, or how far a curve is from falling with the budget. Null for a
/// detector whose answers have another form.
inline std::optional<std::string> detector_says(std::string_view method, json const& result) {
    if (method == analysis::monotonicity::name)
        return "off by " + fixed(from_json<analysis::isotonic_check>(result, "detector_results").max_violation, 3);
    if (result.find("transition_budget") == nullptr) return std::nullopt;
    auto const step = from_json<analysis::transition>(result, "detector_results");
    return step.found()
               ? fixed(step.pre_budget, 2) + " → " + fixed(step.transition_budget, 2) + " by " + fixed(step.drop, 3)
               : "none";
}

/// What stands beside the headline: other detectors, and scores that rise where the budget falls (spec O3).
KVT_DECL void add_detectors(document& d, report_input const& in) {
    kvt::report::table says{
        .caption = "The fall that each detector sees; monotonicity: how far accuracy is from never rising as the "
                   "budget falls",
        .columns = {{"policy"}}};
    std::map<std::string, std::vector<std::string>> rows;
    std::vector<instability_line> unstable;
    for (auto const& [key, result] : in.detectors) {  // by method, then by policy
        auto const bar = std::min(key.find('|'), key.size() - 1);
        auto const method = key.substr(0, bar), policy = key.substr(bar + 1);
        if (method == analysis::instability::name) {
            for (auto& zone : from_json<analysis::instability_report>(result, "detector_results").budgets)
                if (!zone.unstable_bins.empty()) unstable.push_back({policy, std::move(zone)});
        } else if (auto cell = detector_says(method, result)) {
            if (says.columns.back().label != method) says.columns.push_back({method});
            auto& row = rows[policy];
            row.resize(says.columns.size() - 1, "N/A");
            row.back() = std::move(*cell);
        }
    }
    for (auto& [policy, cells] : rows) {
        cells.insert(cells.begin(), policy);
        cells.resize(says.columns.size(), "N/A");
        says.add(std::move(cells));
    }
    folded others{"What other detectors see" + unproven_mark(in.found), {}};
    if (!says.rows.empty()) others.blocks.emplace_back(std::move(says));
    if (!unstable.empty())
        others.blocks.push_back(kvt::report::table_of(
            unstable,
            {{"policy"},
             {"at.budget", "budget", cell_format::budget},
             {"at.unstable_bins", "bins that stand out"},
             {"at.first_collapse_bin", "first collapsed bin"},
             {"at.precedes_collapse", "before the collapse"},
             {"at.z_fail", "failures, z by bin"},
             {"at.dispersion_ratio", "dispersion ratio by bin"}},
            "Instability: bins, counted from 0, whose spread or failures stand out. Only failures, or a dispersion ratio other than "
            "1, are evidence"));
    if (!others.blocks.empty()) d.add(std::move(others));
    bullets rises;
    for (auto const& c : against(in, "baseline"))
        if (c.pairs.difference.value_or(0) > 0 && c.pairs.p_two_sided.value_or(1) < 0.05)
            rises.items.emplace_back(c.policy + " at budget " + fixed(c.budget, 2) + ": accuracy rises by " +
                                     fixed(c.pairs.difference, 3) + " (two-sided p before correction " +
                                     fixed(c.pairs.p_two_sided, 3) +
                                     "): a metric that does not suit the task, or answers leaking into prompts.");
    d.add(std::move(rises));
}

KVT_DECL void add_transitions(document& d, report_input const& in) {
    d.add(heading{"Transitions" + unproven_mark(in.found)});
    if (in.found.baseline_fails) d.add(note{severity::caution, "NO READING", no_reading(in.found)});
    bool const any =
        std::any_of(in.found.zones.begin(), in.found.zones.end(), [](auto const& z) { return z.step.found(); });
    if (any)
        d.add(kvt::report::table_of(in.found.zones,
                                    {{"policy"},
                                     {"step.method", "detector"},
                                     {"step.pre_budget", "holds at", cell_format::budget},
                                     {"step.transition_budget", "breaks at", cell_format::budget},
                                     {"step.acc_pre", "accuracy before"},
                                     {"step.acc_post", "after"},
                                     {"step.drop", "fall"},
                                     kvt::report::interval("drop_low", "drop_high", "interval of the fall"),
                                     {"step.transition_bin_idx", "bin hit hardest"}}));
    else if (!in.found.baseline_fails)
        d.add(paragraph{
            "No transition detected. Likely reasons: the curve is flat over these budgets, bins are too coarse, there "
            "are too few examples, or failures dominate."});
    for (auto const& z : in.found.zones)
        if (z.failure_driven)
            d.add(note{severity::caution, "FAILURE-DRIVEN",
                       z.policy + ": accuracy falls only where unanswered requests count as 0."});
    add_detectors(d, in);
    if (in.found.baseline_fails || in.bins.empty()) return;
    kvt::report::table t{.caption = "The smallest budget at which a bin still holds (accuracy within " +
                                    fixed(in.found.threshold, 2) + " of that at the largest)"};
    t.columns.push_back({"policy"});
    for (auto const& b : in.bins)
        t.columns.push_back({std::to_string(b.token_min) + "–" + std::to_string(b.token_max) + " tokens",
                             kvt::report::cell_align::right});
    for (auto const& z : in.found.zones) {
        std::vector<std::string> cells{z.policy};
        for (auto const& b : z.bins) cells.push_back(b.holds_at ? fixed(b.holds_at, 2) : "none");
        cells.resize(t.columns.size(), "N/A");
        t.add(std::move(cells));
    }
    d.add(std::move(t));
}

/// The columns that hold numbers as text stand to the right, as numbers do.
inline kvt::report::table numbers_right(kvt::report::table t) {
    for (auto& c : t.columns)
        if (c.label == "p (Holm)" || c.label == "same outputs") c.align = kvt::report::cell_align::right;
    return t;
}

KVT_DECL kvt::report::table difference_table(std::vector<contrast> const& contrasts, std::string const& control,
                                             std::string caption) {
    std::vector<difference_line> lines;
    for (auto const& c : contrasts)
        lines.push_back({.policy = c.policy,
                         .budget = c.budget,
                         .pairs = c.pairs,
                         .p = p_text(c.p_holm, c.p_is_bound),
                         .same = c.outputs ? std::to_string(c.outputs->identical) : "N/A"});
    return numbers_right(
        kvt::report::table_of(lines,
                              {{"policy"},
                               {"budget", "budget", cell_format::budget},
                               {"pairs.n_shared", "prompts"},
                               {"pairs.mean_base", control},
                               {"pairs.mean_other", "run"},
                               {"pairs.difference", "difference"},
                               kvt::report::interval("pairs.ci_low", "pairs.ci_high", "paired interval"),
                               {"p", "p (Holm)"},
                               {"same", "same outputs"}},
                              std::move(caption)));
}

KVT_DECL kvt::report::table bin_table(contrast const& c, std::string const& control) {
    std::vector<difference_line> lines;
    for (auto const& b : c.bins)
        lines.push_back({.bin = b.bin_idx,
                         .from = b.token_min,
                         .to = b.token_max,
                         .pairs = b.pairs,
                         .p = p_text(b.p_holm, b.p_is_bound),
                         .cause = b.cause});
    return numbers_right(
        kvt::report::table_of(lines, {{"bin"},
                                      {"from"},
                                      {"to"},
                                      {"pairs.mean_base", control},
                                      {"pairs.mean_other", "run"},
                                      {"pairs.difference", "difference"},
                                      kvt::report::interval("pairs.ci_low", "pairs.ci_high", "paired interval"),
                                      {"p", "p (Holm)"},
                                      {"cause.delta", "F1 difference"},
                                      {"cause.delta_corrected", "F1, had all answered"},
                                      {"cause.share", "due to failures", cell_format::percent},
                                      {"cause.kind", "kind by F1"}}));
}

inline std::string verdict_words(contrast const& c) {
    if (!c.verdict) return "No verdict: budgets not proven applied.";
    return "Verdict by F1: " +
           std::string{c.verdict->pass ? "compression makes answers worse"
                                       : "the bins together do not support that compression makes answers worse"} +
           " (" + std::to_string(c.verdict->claimed_bins.size()) + " of " + std::to_string(c.bins.size()) +
           " bins fell by 0.10 or more).";
}

KVT_DECL void add_deltas(document& d, report_input const& in) {
    d.add(heading{"Differences" + unproven_mark(in.found)});
    auto const control = baseline_label(in.found);
    auto const baseline = against(in, "baseline"), random = against(in, "random");
    if (!baseline.empty())
        d.add(difference_table(baseline, control, "Against " + baseline_words(in.found) + ", on the same prompts"));
    if (!random.empty())
        d.add(difference_table(random, "random", "Against random eviction at equal bytes, on the same prompts"));
    else
        d.add(paragraph{
            "No run with random eviction at equal bytes is in this group; add \"random\" to kv.policies for that control."});
    for (auto const& c : baseline)
        d.add(folded{c.policy + " at budget " + fixed(c.budget, 2) + ", bin by bin",
                     {bin_table(c, control), paragraph{verdict_words(c)}}});
}

}  // namespace kvt::inline KVT_ABI::harness::detail
