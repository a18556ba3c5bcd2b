#pragma once

#include <kvt/harness/budgets.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/quantile.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<analysis::entry_score> measured_run::scores(std::optional<std::int64_t> bin) const {
    std::vector<analysis::entry_score> out;
    for (auto const& r : rows)
        if (r.bin_idx && (!bin || r.bin_idx == bin)) out.push_back({r.entry_idx, r.acc.value_or(0)});
    return out;
}

KVT_DECL analysis::budget_stats measured_run::curve_point() const { return {row.run_id, budget(), bins}; }

KVT_DECL measured_run measure(store::session& store, run_row const& run, truncation rule) {
    auto requests = request_records(store, run);
    auto rows = observations(requests, rule);
    return {run, std::move(requests), std::move(rows), {}};
}

namespace detail {
/// "kvt-1/f1{"overlap":"set"}/em{}" -> "f1 (set)"
inline std::string first_metric(std::string_view version) {
    auto const slash = version.find('/');
    auto const first = version.substr(slash == version.npos ? 0 : slash + 1);
    auto const brace = first.find('{');
    std::string out{first.substr(0, std::min(brace, first.find('/')))};
    if (brace == first.npos) return out;
    auto const end = first.find("}/");
    auto const given =
        parse_json(first.substr(brace, end == first.npos ? end : end + 1 - brace), "scores.metric_version");
    std::string values;
    for (auto const& [name, value] : given.members())
        values +=
            (values.empty() ? "" : ", ") + (value.is_text() ? value.text() : std::string{name} + " " + dump(value));
    return values.empty() ? out : out + " (" + values + ")";
}
}  // namespace detail

KVT_DECL std::string scored_metric(std::span<measured_run const> runs) {
    optional_text version;
    for (auto const& run : runs)
        for (auto const& request : run.requests) {
            if (!request.score) continue;
            auto const now = request.score->metric_version.value_or("");
            if (version && now != *version)
                throw error{error_kind::mismatch, "scores of " + run.row.run_id,
                            "were made by \"" + now + "\", others of the group by \"" + *version + "\"",
                            "`kvt score` for the whole group"};
            version = now;
        }
    return version && !version->empty() ? detail::first_metric(*version) : "accuracy";
}

namespace detail {
/// Adds up what a run's telemetry, receipts and labels say.
struct run_totals {
    std::vector<analysis::cost_row> costs;
    std::vector<double> latencies, full, kept;
    engine::evidence weakest = engine::evidence::receipts;
    std::int64_t truncated = 0, cached_prefills = 0, retries = 0;

    void add(request_record const& request) {
        costs.emplace_back();
        if (request.times) add(*request.times);
        if (auto const& r = request.receipt)
            full.push_back(static_cast<double>(r->bytes_full)), kept.push_back(static_cast<double>(r->bytes_kept));
        truncated += request.answer && request.answer->failure_label == "TRUNCATED" ? 1 : 0;
        auto const attempts = request.times && request.times->attempts ? request.times->attempts
                              : request.failure                        ? request.failure->attempts
                                                                       : std::nullopt;
        retries += std::max<std::int64_t>(0, attempts.value_or(1) - 1);
    }

  private:
    void add(telemetry_row const& t) {
        auto const number = [](optional_integer const& v) {
            return v ? std::optional{static_cast<double>(*v)} : std::nullopt;
        };
        costs.back() = {t.start_s, t.latency_s, number(t.prompt_tokens), number(t.completion_tokens)};
        if (t.latency_s) latencies.push_back(*t.latency_s);
        weakest = std::min(weakest,
                           choice_of<engine::evidence>(t.evidence.value_or("none")).value_or(engine::evidence::none));
        if (!t.notes_json) return;
        auto const notes = parse_json(*t.notes_json, "telemetry.notes_json");
        auto const* cached = notes.is_object() ? notes.find("prefill_cached") : nullptr;
        cached_prefills += cached != nullptr && *cached == json{true} ? 1 : 0;
    }
};
}  // namespace detail

KVT_DECL run_summary summarise(measured_run const& run, analysis::cost_weights weights) {
    detail::run_totals totals;
    for (auto const& request : run.requests) totals.add(request);
    run_summary out{.run_id = run.row.run_id, .policy = run.row.kv_policy.value_or(""), .budget = run.budget()};
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
    out.retries = totals.retries, out.cached_prefills = totals.cached_prefills;
    if (out.cached_prefills > 0) out.cost.wall_span_s = out.cost.effective_rpm = std::nullopt;
    return out;
}

KVT_DECL std::vector<token_spread> prompt_tokens(measured_run const& run) {
    std::vector<token_spread> out;
    for (auto const& bin : run.bins) {
        std::vector<double> counts;
        for (auto const& request : run.requests)
            if (request.bin_idx == bin.bin_idx && request.times && request.times->prompt_tokens)
                counts.push_back(static_cast<double>(*request.times->prompt_tokens));
        out.push_back({bin.bin_idx, bin.token_min, bin.token_max, static_cast<std::int64_t>(counts.size()),
                       numeric::percentile(counts, 0), numeric::percentile(counts, 0.5),
                       numeric::percentile(counts, 0.95), numeric::percentile(counts, 1)});
    }
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

}  // namespace kvt::inline KVT_ABI::harness
