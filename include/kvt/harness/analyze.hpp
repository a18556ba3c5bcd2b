// analyze: scored -> analyzed. Bin statistics, intervals, transitions and paired contrasts, all into the store.
#pragma once

#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/core/context.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/budgets.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/measured.hpp>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

struct analyze_options {
    double threshold = 0.15;                     ///< a fall of accuracy worth the name
    std::string metric = "f1";                   ///< what accuracy means, for labels
    truncation truncated = truncation::failure;
    completeness scores = completeness::whole;   ///< `partial`: goes on where scores are missing, and says so
    analysis::cost_weights weights{};
    std::int64_t permutations = 2000;            ///< of the sign-flip tests
};
KVT_RECORD(analyze_options, threshold, metric, truncated, scores, weights, permutations);

/// For every run one bin_stats row a bin, intervals by `interval`; for every policy the transition that `headline` sees
/// (transition_summary) and what the other detectors see (detector_results); paired contrasts of every run with the full
/// cache and with random at the same budget. Replaces what an earlier analysis of the group left, in one transaction.
/// Throws `error{missing}` where requests lack scores.
template <numeric::interval_rule Interval, analysis::transition_detector Headline, analysis::detector... Others> class analyze {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "analyze";

    explicit analyze(Interval interval, Headline headline, Others... others)
        : interval_{std::move(interval)}, headline_{std::move(headline)}, others_{std::move(others)...} {}

    [[nodiscard]] analyze with(analyze_options options) const {
        auto copy = *this;
        copy.options_ = std::move(options);
        return copy;
    }

    analyzed operator()(run_context& ctx, scored const& in) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        record_budgets(db, in.group);  // receipts may have come or gone since the run
        findings found{.group = in.group, .dataset_id = in.dataset_id, .metric = options_.metric,
                       .threshold = options_.threshold};
        found.missing = missing_scores(db, in.group, options_.scores);
        found.partial = !found.missing.empty();
        auto const measured = measure_all(ctx, db, in);
        describe_runs(db, measured, found);
        for (auto const& policy : policies_of(rows_of(measured))) found.zones.push_back(find_zone(measured, policy, found));
        contrast_all(ctx, measured, found);
        check_sanity(db, measured, found);
        store_all(ctx, db, measured, found);
        return {in};
    }

  private:
    std::vector<measured_run> measure_all(run_context& ctx, store::session& db, scored const& in) const {
        auto const ranges = bin_ranges(db, in.dataset_id);
        auto const runs = group_runs(db, in.group);
        auto task = ctx.progress.begin("analyze", runs.size(), "runs");
        std::vector<measured_run> out;
        for (auto const& run : runs) {
            auto& m = out.emplace_back(measure(db, run, options_.truncated));
            m.bins = analysis::aggregate(m.rows, ranges, interval_, run.run_id);
            task.advance();
        }
        return out;
    }

    static std::vector<run_row> rows_of(std::vector<measured_run> const& measured) {
        std::vector<run_row> rows;
        for (auto const& m : measured) rows.push_back(m.row);
        return rows;
    }
    static measured_run const& find(std::vector<measured_run> const& measured, std::string const& run_id) {
        return *std::find_if(measured.begin(), measured.end(), [&](auto const& m) { return m.row.run_id == run_id; });
    }
    static std::vector<measured_run const*> curve(std::vector<measured_run> const& measured, std::string const& policy) {
        std::vector<measured_run const*> out;
        for (auto const& row : curve_of(rows_of(measured), policy)) out.push_back(&find(measured, row.run_id));
        return out;
    }

    void describe_runs(store::session& db, std::vector<measured_run> const& measured, findings& found) const {
        std::vector<request_check> all;
        for (auto const& m : measured) {
            auto& summary = found.runs.emplace_back(summarise(db, m, options_.weights));
            auto const checks = request_checks(db, m.row, options_.truncated);
            summary.integrity = summarise_integrity(checks);
            all.insert(all.end(), checks.begin(), checks.end());
            std::vector<double> values;
            for (auto const& s : m.scores()) values.push_back(s.score);
            if (auto const range = interval_.mean(values, "bootstrap|" + m.row.run_id + "|overall"))
                summary.ci_low = range->low, summary.ci_high = range->high;
            if (summary.budget < 1 && summary.level != engine::budget_level::proven) found.budgets_proven = false;
        }
        found.integrity = summarise_integrity(all);
        auto const rows = rows_of(measured);
        auto const& base = baseline_of(rows);
        for (auto const& summary : found.runs)
            if (summary.run_id == base.run_id) found.baseline_accuracy = summary.bins_mean;
        found.baseline_fails = found.baseline_accuracy.value_or(0) < options_.threshold;
    }

    zone find_zone(std::vector<measured_run> const& measured, std::string const& policy, findings const& found) const {
        auto const runs = curve(measured, policy);
        std::vector<analysis::budget_stats> points;
        for (auto const* run : runs) points.push_back(run->curve_point());
        zone out{.policy = policy, .step = headline_(points), .bins = holds(runs, options_.threshold)};
        if (!runs.empty()) out.smallest_budget = runs.back()->row.kv_budget;
        auto const all = analysis::mean_drop_all{options_.threshold}(points);
        out.failure_driven = all.found() && !out.step.found();
        if (!out.step.found()) return out;
        auto const at = [&](double budget) {
            return *std::find_if(runs.begin(), runs.end(), [&](auto const* r) { return r->row.kv_budget == budget; });
        };
        auto const step = analysis::compare(at(*out.step.pre_budget)->scores(), at(*out.step.transition_budget)->scores(),
                                            interval_, found.group + "|zone|" + policy, flips());
        if (step.ci_low) out.drop_low = -*step.ci_high, out.drop_high = -*step.ci_low;
        return out;
    }

    [[nodiscard]] analysis::flip_options flips() const { return {.permutations = options_.permutations}; }

    void contrast_all(run_context& ctx, std::vector<measured_run> const& measured, findings& found) const {
        auto const rows = rows_of(measured);
        auto const& base = find(measured, baseline_of(rows).run_id);
        auto task = ctx.progress.begin("compare", measured.size(), "runs");
        for (auto const& m : measured) {
            task.advance();
            if (&m == &base) continue;
            auto& against_full = found.contrasts.emplace_back(contrast_runs(m, base, "full", found.group));
            contrast_bins(against_full, m, base, found.group);
            if (auto const* random = random_beside(rows, m.row))
                found.contrasts.push_back(contrast_runs(m, find(measured, random->run_id), "random", found.group));
        }
        correct_for_many(found.contrasts);
    }

    static void check_sanity(store::session& db, std::vector<measured_run> const& measured, findings& found) {
        auto const rows = rows_of(measured);
        auto const& base = find(measured, baseline_of(rows).run_id);
        for (auto const& m : measured)
            if (&m != &base)
                for (auto& c : sanity_cases(db, m, base)) found.sanity.push_back(std::move(c));
    }

    contrast contrast_runs(measured_run const& m, measured_run const& control, std::string kind, std::string const& group) const {
        contrast out{.run_id = m.row.run_id, .policy = m.row.kv_policy.value_or(""), .budget = m.row.kv_budget.value_or(1),
                     .control = std::move(kind), .control_run = control.row.run_id};
        out.pairs = analysis::compare(control.scores(), m.scores(), interval_, group + "|" + m.row.run_id + "|" + control.row.run_id,
                                      flips());
        count_identical(out, m, control);
        return out;
    }

    void contrast_bins(contrast& out, measured_run const& m, measured_run const& base, std::string const& group) const {
        std::vector<analysis::bin_pair> pairs;
        for (std::size_t i = 0; i < m.bins.size(); ++i) {
            auto const& low = m.bins[i];
            auto const& high = base.bins[i];
            if (low.n_total == 0 || high.n_total == 0) continue;
            auto const unanswered = [](analysis::bin_stats const& b) {
                return 1 - static_cast<double>(b.n) / static_cast<double>(b.n_total);
            };
            pairs.push_back({high.f1_mean_all.value_or(0), low.f1_mean_all.value_or(0), unanswered(high), unanswered(low)});
            bin_contrast bin{.bin_idx = low.bin_idx, .token_min = low.token_min, .token_max = low.token_max};
            bin.pairs = analysis::compare(base.scores(low.bin_idx), m.scores(low.bin_idx), interval_,
                                          group + "|" + m.row.run_id + "|" + std::to_string(low.bin_idx), flips());
            bin.cause = analysis::attribute(pairs.back());
            out.bins.push_back(std::move(bin));
        }
        out.verdict = analysis::judge(pairs);
    }

    void store_all(run_context& ctx, store::session& db, std::vector<measured_run> const& measured, findings const& found) const {
        auto const now = ctx.utc_now();
        store::transaction(db, [&] {
            forget_analysis(db, found.group);
            for (auto const& m : measured)
                for (auto const& bin : m.bins) store::upsert(db, to_row(m, bin, options_.metric));
            for (auto const& z : found.zones) {
                auto const& s = z.step;
                store::upsert(db, transition_row{found.group, z.policy, s.method, options_.threshold, s.pre_budget,
                                                 s.transition_budget, s.acc_pre, s.acc_post, s.drop, s.transition_bin_idx, now});
                std::vector<analysis::budget_stats> points;
                for (auto const* run : curve(measured, z.policy)) points.push_back(run->curve_point());
                std::apply([&](auto const&... detector) { (store_detector(db, found.group, z.policy, detector, points, now), ...); },
                           others_);
            }
            store::upsert(db, detector_row{found.group, "findings", dump(to_json(found)), now});
        });
    }
    template <class Detector>
    static void store_detector(store::session& db, std::string const& group, std::string const& policy, Detector const& detector,
                               std::vector<analysis::budget_stats> const& points, std::string const& now) {
        store::upsert(db, detector_row{group, std::string{Detector::name} + "|" + policy, dump(to_json(detector(points))), now});
    }

    Interval interval_;
    Headline headline_;
    std::tuple<Others...> others_;
    analyze_options options_{};
};

}  // namespace kvt::inline KVT_ABI::harness
