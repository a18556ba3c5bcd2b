#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/harness/report_words.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

using kvt::report::document;
using kvt::report::severity;

// The sections, in report_sections.ipp and report_comparisons.ipp.
void add_overview(document& d, report_input const& in);
void add_terms(document& d, report_input const& in);
void add_answers(document& d, report_input const& in);
void add_transitions(document& d, report_input const& in);
void add_deltas(document& d, report_input const& in);
void add_runs(document& d, report_input const& in);
void add_integrity(document& d, report_input const& in);
void add_efficiency(document& d, report_input const& in);
void add_sanity(document& d, report_input const& in);
void add_limits(document& d, report_input const& in);

/// One banner for all proven runs whose answers are the baseline's, and one for all others.
KVT_DECL void add_same_outputs(document& d, findings const& f) {
    std::string proven, suspect;
    for (auto const& c : f.contrasts) {
        if (c.control != "baseline" || c.budget >= f.baseline_budget || !c.outputs || !c.outputs->suspect) continue;
        bool const applied = std::any_of(f.runs.begin(), f.runs.end(), [&](auto const& r) {
            return r.run_id == c.run_id && r.level == engine::budget_level::proven;
        });
        auto& list = applied ? proven : suspect;
        list += (list.empty() ? "" : "; ") + c.policy + " at budget " + fixed(c.budget, 2) + ": " +
                std::to_string(c.outputs->identical) + " of " + std::to_string(c.outputs->pairs);
    }
    auto const intro = "Outputs that are byte for byte those of " + baseline_words(f) + ": ";
    if (!suspect.empty())
        d.add(kvt::report::note{severity::caution, "NO-OP SUSPECT",
                                intro + suspect + ". The budget may not have been applied."});
    if (!proven.empty())
        d.add(
            kvt::report::note{severity::info, "SAME ANSWERS", intro + proven + ". These budgets are proven applied."});
}

KVT_DECL void add_banners(document& d, report_input const& in) {
    auto const& f = in.found;
    if (f.partial) {
        std::string missing;
        for (auto const& line : f.missing) missing += (missing.empty() ? "" : "; ") + line;
        d.add(kvt::report::note{severity::danger, "PARTIAL RUN", missing});
    }
    if (!f.budgets_proven)
        d.add(kvt::report::note{
            severity::danger, "UNPROVEN",
            "Budgets not proven applied: at least one budget below 1 has no proof (see Runs). Differences between "
            "these budgets must not be attributed to compression."});
    if (f.baseline_fails) d.add(kvt::report::note{severity::caution, "NO READING", no_reading(f)});
    add_same_outputs(d, f);
}

KVT_DECL void add_highlights(document& d, report_input const& in) {
    kvt::report::highlights h;
    h.items.push_back({baseline_label(in.found), fixed(in.found.baseline_accuracy, 3), "mean accuracy over bins",
                       in.found.baseline_fails ? severity::danger : severity::good});
    for (auto const& z : in.found.zones) {
        if (z.policy == "full") continue;
        bool const found = z.step.found(), unread = in.found.baseline_fails, failing = z.failure_driven;
        std::string value = hold_words(z), detail = "no transition in the mean over bins";
        if (unread) value = "no reading", detail = baseline_label(in.found) + " already fails";
        else if (failing) value = "fails", detail = "answers stop arriving";
        else if (found)
            value = fixed(z.step.pre_budget, 2) + " → " + fixed(z.step.transition_budget, 2),
            detail = "accuracy " + fixed(z.step.acc_pre, 3) + " → " + fixed(z.step.acc_post, 3);
        h.items.push_back({z.policy, std::move(value), detail + unproven_mark(in.found),
                           unread || failing ? severity::danger
                           : found           ? severity::caution
                                             : severity::info});
    }
    d.add(std::move(h));
}

inline kvt::report::figure figure_of(report_figure const& f) { return {f.png, f.svg, f.caption, f.alt}; }

/// Neighbouring figures that open together; the only ones there are stay open.
KVT_DECL void add_folded_figures(document& d, std::vector<report_figure> const& figures) {
    std::vector<kvt::report::folded> folds;
    for (auto const& f : figures) {
        if (f.fold.empty()) continue;
        if (folds.empty() || folds.back().summary != f.fold) folds.push_back({f.fold, {}});
        folds.back().blocks.emplace_back(figure_of(f));
    }
    if (!folds.empty()) d.add(kvt::report::heading{"Plots"});
    if (folds.size() == 1)
        for (auto& b : folds.front().blocks) d.add(std::move(b));
    else
        for (auto& fold : folds) d.add(std::move(fold));
}

}  // namespace detail

KVT_DECL kvt::report::document report_document(report_input const& in, std::vector<report_figure> const& figures) {
    kvt::report::document d;
    d.title = "KV transition: " + in.experiment.exp_group_id;
    d.subtitle = "How small can the KV cache get before answers break?";
    d.footer = "Generated " + in.generated_at + " by kvt " KVT_VERSION ".";
    detail::add_banners(d, in);
    detail::add_highlights(d, in);
    for (auto const& f : figures)
        if (f.fold.empty()) d.add(detail::figure_of(f));
    detail::add_overview(d, in);
    detail::add_terms(d, in);
    detail::add_answers(d, in);
    detail::add_transitions(d, in);
    detail::add_deltas(d, in);
    detail::add_folded_figures(d, figures);
    detail::add_runs(d, in);
    detail::add_integrity(d, in);
    detail::add_efficiency(d, in);
    detail::add_sanity(d, in);
    detail::add_limits(d, in);
    return d;
}

KVT_DECL std::string report_summary(report_input const& in) {
    using kvt::report::cell_format;
    auto const table = kvt::report::table_of(in.found.runs, {{"policy"},
                                                             {"budget", "budget", cell_format::budget},
                                                             {"accuracy", "accuracy"},
                                                             kvt::report::interval("ci_low", "ci_high", "interval"),
                                                             {"fail_rate", "failed", cell_format::percent},
                                                             {"bytes_kept", "KV kept", cell_format::bytes},
                                                             {"latency_p50", "latency p50 s"},
                                                             {"level", "proof"}});
    std::string out = kvt::report::print_table(table) + "\n";
    if (in.found.baseline_fails) return out + no_reading(in.found) + "\n";
    for (auto const& z : in.found.zones) out += zone_sentence(z, in.found) + "\n";
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
