// A group in a store of its own, its rows written by hand: what analysis and report see of any engine.
#pragma once

#include <kvt/analysis/mean_drop.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/harness/report_words.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/store/memory.hpp>
#include <kvt/store/sqlite.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tests {

namespace h = kvt::harness;

/// Every answer right, every answer wrong.
inline double right(std::int64_t) { return 1; }
inline double wrong(std::int64_t) { return 0; }

struct group_of_rows {
    /// Bins of these many prompts; prompts are numbered across them. In memory, or in a file of that name.
    explicit group_of_rows(std::vector<std::int64_t> bins, std::string const& file = {}) {
        if (!file.empty()) ctx.provide(kvt::store::sqlite{file});
        ctx.progress = kvt::progress_meter{kvt::progress_style::silent};
        h::create_all(db());
        put<h::experiment_row>([](auto& e) { e.exp_group_id = "g"; });
        put<h::dataset_row>([](auto& d) { d.dataset_id = d.name = "d", d.task = "t"; });
        for (std::size_t b = 0; b < bins.size(); ++b) {
            auto const from = static_cast<std::int64_t>(100 * (b + 1)), bin = static_cast<std::int64_t>(b);
            kvt::store::upsert(db(), h::bin_row{"d", bin, from, from + 99, bins[b]});
            for (std::int64_t i = 0; i < bins[b]; ++i, ++n) {
                auto const id = "e" + std::to_string(n);
                put<h::example_row>([&](auto& e) { e.example_id = id, e.dataset_id = "d", e.token_len = from; });
                kvt::store::upsert(db(), h::entry_row{"d", n, id, bin, from});
            }
        }
    }
    group_of_rows(std::size_t bins, std::int64_t each) : group_of_rows{std::vector<std::int64_t>(bins, each)} {}

    /// A run whose prompt i scores `score(i)`, or has no answer where that is null.
    void add(std::string const& policy, double budget,
             std::function<std::optional<double>(std::int64_t)> const& score) {
        auto const run = policy + "_" + kvt::fixed(budget, 2);
        put<h::run_row>([&](auto& r) {
            r.run_id = run, r.exp_group_id = "g", r.kv_policy = policy, r.kv_budget = budget, r.dataset_id = "d";
            r.status = "finished", r.manifest_hash = manifest_hash;
        });
        for (std::int64_t i = 0; i < n; ++i) add_request(run, budget, i, score(i));
    }

    template <class Headline = kvt::analysis::mean_drop, class Interval = kvt::numeric::bootstrap>
    h::findings analyzed(Headline headline = {}, h::analyze_options options = {}, Interval interval = {}) {
        (void)h::analyze{interval, headline}.with(options)(ctx, h::scored{{"g", "d", {}}});
        return input().found;
    }
    h::report_input input() { return h::read_report_input(db(), "g"); }
    kvt::store::session& db() { return ctx.get<kvt::store::session>(); }

    kvt::run_context ctx{kvt::store::memory{}};
    std::string metric_version = "kvt-1/em{}";
    std::string notes{}, manifest_hash = "m";
    double temperature = 0;
    std::int64_t attempts = 1, n = 0;
    kvt::engine::budget_level level = kvt::engine::budget_level::proven;

  private:
    template <class Row> void put(auto const& fill) {
        Row row{};
        fill(row);
        kvt::store::upsert(db(), row);
    }
    void add_request(std::string const& run, double budget, std::int64_t i, std::optional<double> score) {
        auto const id = run + "/" + std::to_string(i);
        put<h::request_row>([&](auto& r) {
            r.request_id = id, r.run_id = run, r.dataset_id = "d", r.entry_idx = i,
            r.example_id = "e" + std::to_string(i);
            r.temperature = temperature;
        });
        put<h::score_row>([&](auto& s) {
            s.request_id = id, s.metric_version = metric_version, s.acc = score, s.scorable = score ? 1 : 0;
            s.em = s.f1 = score.value_or(0);
        });
        if (!score) {
            put<h::failure_row>([&](auto& f) { f.request_id = id, f.error_type = "TIMEOUT", f.attempts = attempts; });
            return;
        }
        put<h::response_row>([&](auto& a) { a.response_id = a.request_id = id, a.text = kvt::fixed(*score, 3); });
        put<h::telemetry_row>([&](auto& t) {
            t.request_id = id, t.start_s = static_cast<double>(i), t.latency_s = 0.5, t.attempts = attempts;
            t.prompt_tokens = 100, t.completion_tokens = 4, t.total_tokens = 104, t.evidence = "acknowledged";
            t.budget_sent = level == kvt::engine::budget_level::label ? "no" : "yes";
            if (level == kvt::engine::budget_level::proven)  // counts that fit
                t.kv_total_tokens = 100, t.kv_retained_tokens = static_cast<std::int64_t>(100 * budget + 0.5);
            if (!notes.empty()) t.notes_json = notes;
        });
    }
};

/// A group whose full cache is always right.
struct full_is_right : group_of_rows {
    full_is_right(std::size_t bins, std::int64_t each) : group_of_rows{bins, each} { add("full", 1.0, right); }
};

}  // namespace tests
