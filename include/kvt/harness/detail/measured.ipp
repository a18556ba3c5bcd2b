#pragma once

#include <kvt/harness/budgets.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/numeric/corrections.hpp>
#include <kvt/numeric/quantile.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<analysis::entry_score> measured_run::scores(std::optional<std::int64_t> bin) const {
    std::vector<analysis::entry_score> out;
    for (auto const& r : rows)
        if (r.bin_idx && (!bin || r.bin_idx == bin)) out.push_back({r.entry_idx, r.acc.value_or(0)});
    return out;
}

KVT_DECL measured_run measure(store::session& store, run_row const& run, truncation rule) {
    measured_run out{run, observations(store, run, rule), {}, {}};
    for (auto const& request : store::select<request_row>(store, {{"run_id", run.run_id}}))
        if (auto const answer = store::first<response_row>(store, {{"request_id", request.request_id}}); answer && answer->text)
            out.outputs[request.entry_idx] = *answer->text;
    return out;
}

namespace detail {
/// Adds up what a run's telemetry and receipts say.
struct run_totals {
    std::vector<analysis::cost_row> costs;
    std::vector<double> latencies, full, kept;
    engine::evidence weakest = engine::evidence::receipts;
    std::int64_t truncated = 0;

    void add(store::session& store, store::where const& key) {
        if (auto const t = store::first<telemetry_row>(store, key)) {
            auto const number = [](optional_integer const& v) { return v ? std::optional{static_cast<double>(*v)} : std::nullopt; };
            costs.push_back({t->start_s, t->latency_s, number(t->prompt_tokens), number(t->completion_tokens)});
            if (t->latency_s) latencies.push_back(*t->latency_s);
            weakest = std::min(weakest, choice_of<engine::evidence>(t->evidence.value_or("none")).value_or(engine::evidence::none));
        } else {
            costs.emplace_back();
        }
        if (auto const r = store::first<receipt_row>(store, key)) {
            full.push_back(static_cast<double>(r->bytes_full)), kept.push_back(static_cast<double>(r->bytes_kept));
        }
        auto const answer = store::first<response_row>(store, key);
        truncated += answer && answer->failure_label == "TRUNCATED" ? 1 : 0;
    }
};
}  // namespace detail

KVT_DECL run_summary summarise(store::session& store, measured_run const& run, analysis::cost_weights weights) {
    detail::run_totals totals;
    for (auto const& request : store::select<request_row>(store, {{"run_id", run.row.run_id}}))
        totals.add(store, {{"request_id", request.request_id}});
    run_summary out{.run_id = run.row.run_id, .policy = run.row.kv_policy.value_or(""), .budget = run.row.kv_budget.value_or(1)};
    out.n_requests = static_cast<std::int64_t>(run.rows.size());
    bool const answered = !totals.latencies.empty();
    out.evidence = answered ? totals.weakest : engine::evidence::none;
    auto const budget = budget_of(run.row);
    out.level = budget.level, out.unproven = budget.reason;
    std::vector<double> accuracies, means;
    for (auto const& r : run.rows) {
        out.n_scored += r.acc.has_value(), out.n_failed += r.failed;
        accuracies.push_back(r.acc.value_or(0));
    }
    for (auto const& b : run.bins)
        if (b.acc_mean) means.push_back(*b.acc_mean);
    out.accuracy = numeric::mean(accuracies), out.bins_mean = numeric::mean(means);
    if (out.n_requests > 0) {
        out.fail_rate = static_cast<double>(out.n_failed) / static_cast<double>(out.n_requests);
        out.truncated_rate = static_cast<double>(totals.truncated) / static_cast<double>(out.n_requests);
    }
    out.latency_p50 = numeric::median(totals.latencies);
    out.bytes_full = numeric::mean(totals.full), out.bytes_kept = numeric::mean(totals.kept);
    out.cost = analysis::measure_efficiency(totals.costs, weights);
    return out;
}

KVT_DECL bin_stats_row to_row(measured_run const& run, analysis::bin_stats const& bin, std::string const& metric) {
    bin_stats_row out;
    out.run_id = run.row.run_id, out.dataset_id = run.row.dataset_id.value_or("");
    out.bin_idx = bin.bin_idx, out.token_min = bin.token_min, out.token_max = bin.token_max;
    out.n = bin.n, out.n_total = bin.n_total, out.n_failed = bin.n_failed;
    out.acc_mean = bin.acc_mean, out.acc_std = bin.acc_std;
    out.acc_ci_low = bin.acc_ci_low, out.acc_ci_high = bin.acc_ci_high;
    out.em_mean = bin.em_mean, out.fail_rate = bin.fail_rate;
    out.lat_p50 = bin.lat_p50, out.lat_p95 = bin.lat_p95, out.tok_p50 = bin.tok_p50, out.tok_p95 = bin.tok_p95;
    out.acc_mean_all = bin.acc_mean_all, out.f1_mean_all = bin.f1_mean_all;
    out.metric = metric;
    return out;
}

KVT_DECL void count_identical(contrast& c, measured_run const& run, measured_run const& control) {
    std::int64_t shared = 0;
    for (auto const& [entry, text] : run.outputs)
        if (auto const other = control.outputs.find(entry); other != control.outputs.end())
            ++shared, c.identical_outputs += other->second == text;
    c.noop_suspect = shared >= 8 && 20 * c.identical_outputs >= 19 * shared;
}

KVT_DECL std::vector<bin_hold> holds(std::span<measured_run const* const> curve, double threshold) {
    std::vector<bin_hold> out;
    if (curve.empty()) return out;
    for (auto const& base : curve.front()->bins) {
        auto& hold = out.emplace_back(bin_hold{base.bin_idx, base.token_min, base.token_max, {}, base.acc_mean_all});
        if (!base.acc_mean_all || *base.acc_mean_all < threshold) continue;
        for (auto const* run : curve) {
            auto const bin = std::find_if(run->bins.begin(), run->bins.end(), [&](auto const& b) { return b.bin_idx == base.bin_idx; });
            if (bin == run->bins.end() || !bin->acc_mean_all || *base.acc_mean_all - *bin->acc_mean_all >= threshold) break;
            hold.holds_at = run->row.kv_budget;
        }
    }
    return out;
}

KVT_DECL std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run, measured_run const& base,
                                               std::size_t most) {
    std::vector<sanity_case> out;
    if (base.rows.size() > most) return out;
    std::map<std::int64_t, std::int64_t> lengths;
    for (auto const& e : store::select<entry_row>(store, {{"dataset_id", run.row.dataset_id.value_or("")}}))
        lengths[e.entry_idx] = e.token_len;
    for (auto const& low : run.rows) {
        auto const at = std::find_if(base.rows.begin(), base.rows.end(), [&](auto const& r) { return r.entry_idx == low.entry_idx; });
        if (at == base.rows.end()) continue;
        auto& next = out.emplace_back(sanity_case{.entry_idx = low.entry_idx, .bin_idx = low.bin_idx.value_or(0),
                                                  .token_len = lengths[low.entry_idx], .run_id = run.row.run_id,
                                                  .baseline = at->acc, .low = low.acc});
        if (low.acc.value_or(0) > at->acc.value_or(0)) next.flag = "rises";
        else if (low.failed && low.bin_idx == 0) next.flag = "fails short";
    }
    return out;
}

namespace detail {
inline void correct_family(std::vector<std::pair<double, std::optional<double>*>> const& family) {
    std::vector<double> p;
    for (auto const& [value, target] : family) p.push_back(value);
    auto const adjusted = numeric::holm(p);
    for (std::size_t i = 0; i < family.size(); ++i) *family[i].second = adjusted[i];
}
}  // namespace detail

KVT_DECL void correct_for_many(std::vector<contrast>& contrasts) {
    std::vector<std::pair<double, std::optional<double>*>> runs, bins;
    for (auto& c : contrasts) {
        if (c.pairs.p_two_sided) runs.emplace_back(*c.pairs.p_two_sided, &c.p_holm);
        for (auto& b : c.bins)
            if (b.pairs.p_fall) bins.emplace_back(*b.pairs.p_fall, &b.p_holm);
    }
    detail::correct_family(runs);
    detail::correct_family(bins);
}

}  // namespace kvt::inline KVT_ABI::harness
