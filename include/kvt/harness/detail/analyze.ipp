#pragma once

#include <kvt/analysis/aggregate.hpp>
#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/budgets.hpp>
#include <kvt/harness/falls.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/many_tests.hpp>
#include <kvt/harness/same_outputs.hpp>
#include <kvt/harness/sanity.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// One analysis under way: the steps in the order in which they are called, and what they have found so far.
class group_analysis {
  public:
    group_analysis(run_context& ctx, store::session& db, scored const& in, analysis_rules const& rules)
        : ctx_{ctx}, db_{db}, rules_{rules}, options_{rules.options}, found_{.group = in.group,
                                                                             .dataset_id = in.dataset_id,
                                                                             .threshold = rules.options.threshold,
                                                                             .interval =
                                                                                 std::string{rules.interval_name},
                                                                             .alpha = rules.alpha} {}

    void measure_runs() {
        found_.missing = missing_scores(db_, found_.group, options_.scores);
        found_.partial = !found_.missing.empty();
        auto const ranges = bin_ranges(db_, found_.dataset_id);
        rows_ = group_runs(db_, found_.group);
        auto task = ctx_.progress.begin("analyze", rows_.size(), "runs");
        for (auto const& row : rows_) {
            auto& m = measured_.emplace_back(measure(db_, row, options_.truncated));
            m.bins = analysis::aggregate(m.rows, ranges, rules_.interval, row.run_id);
            task.advance();
        }
        found_.metric = scored_metric(measured_);
    }

    void describe_runs() {
        std::vector<request_check> all;
        for (auto const& m : measured_) {
            auto& summary = found_.runs.emplace_back(summarise(m, options_.weights));
            auto const checks = request_checks(m.requests, options_.truncated);
            summary.integrity = summarise_integrity(checks);
            all.insert(all.end(), checks.begin(), checks.end());
            std::vector<double> values;
            for (auto const& s : m.scores()) values.push_back(s.score);
            if (auto const range = rules_.interval.mean(values, "bootstrap|" + m.row.run_id + "|overall"))
                summary.ci_low = range->low, summary.ci_high = range->high;
            if (summary.budget < 1 && summary.level != engine::budget_level::proven) found_.budgets_proven = false;
        }
        found_.integrity = summarise_integrity(all);
        base_ = &find(baseline_of(rows_).run_id);
        found_.baseline_run = base_->row.run_id, found_.baseline_budget = base_->budget();
        found_.baseline_accuracy = found_.runs[static_cast<std::size_t>(base_ - measured_.data())].bins_mean;
        found_.baseline_fails = found_.baseline_accuracy.value_or(0) < options_.threshold;
        found_.prompts = prompt_tokens(*base_);
    }

    void find_zones() {
        for (auto const& policy : policies_of(rows_)) {
            auto const runs = curve(policy);
            auto const points = points_of(runs);
            zone& out = found_.zones.emplace_back(
                zone{.policy = policy, .step = rules_.headline(points), .bins = holds(runs, options_.threshold)});
            if (!runs.empty()) out.smallest_budget = runs.back()->budget();
            out.failure_driven = !out.step.found() && analysis::mean_drop_all{options_.threshold}(points).found();
            if (auto const range = fall_interval(out.step, runs, "zone|" + found_.group + "|" + policy))
                out.drop_low = range->low, out.drop_high = range->high;
        }
    }

    void contrast_runs() {
        std::size_t runs = 0, bins = 0;
        for (auto const& m : measured_)
            if (&m != base_) runs += 1 + (random_beside(rows_, m.row) != nullptr ? 1 : 0), bins += m.bins.size();
        auto const of_runs = flips(runs), of_bins = flips(bins);
        auto task = ctx_.progress.begin("compare", measured_.size(), "runs");
        for (auto const& m : measured_) {
            task.advance();
            if (&m == base_) continue;
            contrast_bins(found_.contrasts.emplace_back(against(m, *base_, "baseline", of_runs)), m, of_bins);
            if (auto const* random = random_beside(rows_, m.row))
                found_.contrasts.push_back(against(m, find(random->run_id), "random", of_runs));
        }
        correct_for_many(found_.contrasts, of_runs.permutations, of_bins.permutations);
    }

    void check_sanity() {
        for (auto const& m : measured_)
            if (&m != base_)
                for (auto& c : sanity_cases(db_, m, *base_)) found_.sanity.push_back(std::move(c));
    }

    void store_all() {
        auto const now = ctx_.utc_now();
        store::transaction(db_, [&] {
            forget_analysis(db_, found_.group);
            for (auto const& m : measured_)
                for (auto const& bin : m.bins) store::upsert(db_, to_row(m, bin, found_.metric));
            for (auto const& z : found_.zones) {
                auto const& s = z.step;
                store::upsert(db_, transition_row{found_.group, z.policy, s.method, options_.threshold, s.pre_budget,
                                                  s.transition_budget, s.acc_pre, s.acc_post, s.drop,
                                                  s.transition_bin_idx, now});
                auto const points = points_of(curve(z.policy));
                for (auto const& d : rules_.others)
                    store::upsert(db_, detector_row{found_.group, std::string{d.name} + "|" + z.policy,
                                                    dump(d.run(d.self, points)), now});
            }
            store::upsert(db_, detector_row{found_.group, "findings", dump(to_json(found_)), now});
        });
    }

  private:
    [[nodiscard]] measured_run const& find(std::string const& run_id) const {
        return *std::find_if(measured_.begin(), measured_.end(), [&](auto const& m) { return m.row.run_id == run_id; });
    }
    [[nodiscard]] std::vector<measured_run const*> curve(std::string const& policy) const {
        std::vector<measured_run const*> out;
        for (auto const& row : curve_of(rows_, policy)) out.push_back(&find(row.run_id));
        return out;
    }
    static std::vector<analysis::budget_stats> points_of(std::vector<measured_run const*> const& runs) {
        std::vector<analysis::budget_stats> out;
        for (auto const* run : runs) out.push_back(run->curve_point());
        return out;
    }
    [[nodiscard]] analysis::flip_options flips(std::size_t family) const {
        return {.permutations = permutations_for(family, options_.permutations), .seed = options_.seed};
    }

    /// The interval of the very fall that the detector saw: of the scored answers' means over the shared bins, or of those
    /// that count unanswered requests as 0, whichever it is.
    [[nodiscard]] std::optional<numeric::interval> fall_interval(analysis::transition const& step,
                                                                 std::vector<measured_run const*> const& runs,
                                                                 std::string const& label) const {
        if (!step.found() || !step.drop) return std::nullopt;
        auto const at = [&](std::optional<double> budget) {
            auto const run =
                std::find_if(runs.begin(), runs.end(), [&](auto const* r) { return r->budget() == budget; });
            return run == runs.end() ? nullptr : *run;
        };
        auto const *pre = at(step.pre_budget), *post = at(step.transition_budget);
        if (pre == nullptr || post == nullptr) return std::nullopt;
        for (auto const which : {averaged::scored, averaged::all}) {
            std::vector<std::vector<double>> falls;
            for (auto const& bin : pre->bins)
                if (auto pairs = paired_falls(*pre, *post, bin.bin_idx, which); !pairs.empty())
                    falls.push_back(std::move(pairs));
            std::vector<std::span<double const>> const groups(falls.begin(), falls.end());
            auto const seen = numeric::mean_of_means(groups);
            if (seen && std::abs(*seen - *step.drop) < 1e-9) return rules_.interval.mean_of_means(groups, label);
        }
        return std::nullopt;
    }

    [[nodiscard]] contrast against(measured_run const& m, measured_run const& control, std::string kind,
                                   analysis::flip_options const& flips) const {
        auto const label = found_.group + "|" + m.row.run_id + "|" + control.row.run_id;
        return {.run_id = m.row.run_id,
                .policy = m.row.kv_policy.value_or(""),
                .budget = m.budget(),
                .control = std::move(kind),
                .control_run = control.row.run_id,
                .pairs = analysis::compare(control.scores(), m.scores(), rules_.interval, label, flips),
                .outputs = same_outputs(m, control)};
    }

    void contrast_bins(contrast& out, measured_run const& m, analysis::flip_options const& flips) const {
        std::vector<analysis::bin_pair> pairs;
        for (std::size_t i = 0; i < m.bins.size(); ++i) {
            auto const& low = m.bins[i];
            auto const& high = base_->bins[i];
            if (low.n_total == 0 || high.n_total == 0) continue;
            auto const unanswered = [](analysis::bin_stats const& b) {
                return 1 - static_cast<double>(b.n) / static_cast<double>(b.n_total);
            };
            pairs.push_back(
                {high.f1_mean_all.value_or(0), low.f1_mean_all.value_or(0), unanswered(high), unanswered(low)});
            bin_contrast bin{.bin_idx = low.bin_idx, .token_min = low.token_min, .token_max = low.token_max};
            bin.pairs = analysis::compare(base_->scores(low.bin_idx), m.scores(low.bin_idx), rules_.interval,
                                          found_.group + "|" + m.row.run_id + "|" + std::to_string(low.bin_idx), flips);
            bin.cause = analysis::attribute(pairs.back());
            out.bins.push_back(std::move(bin));
        }
        if (found_.budgets_proven) out.verdict = analysis::judge(pairs);
    }

    run_context& ctx_;
    store::session& db_;
    analysis_rules const& rules_;
    analyze_options const& options_;
    findings found_;
    std::vector<run_row> rows_{};
    std::vector<measured_run> measured_{};  ///< in the order of `rows_`
    measured_run const* base_ = nullptr;
};

KVT_DECL analyzed analyze_group(run_context& ctx, scored const& in, analysis_rules const& rules) {
    auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
    record_budgets(db, in.group);  // receipts may have come or gone since the run
    group_analysis steps{ctx, db, in, rules};
    steps.measure_runs();
    steps.describe_runs();
    steps.find_zones();
    steps.contrast_runs();
    steps.check_sanity();
    steps.store_all();
    return {in};
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::harness
