#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/plots.hpp>
#include <kvt/harness/report_words.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

using kvt::report::chart;
using kvt::report::chart_point;
using kvt::report::chart_series;
using kvt::report::series_mark;

inline std::string plot_warning(report_input const& in) {
    std::string out;
    if (in.found.partial) out = "PARTIAL RUN";
    if (!in.found.budgets_proven)
        out += (out.empty() ? "" : " · ") + std::string{"UNPROVEN: budgets not proven applied"};
    return out;
}

/// The runs behind one policy's curve, budgets ascending, as lines are drawn.
inline std::vector<run_bins const*> ascending_curve(report_input const& in, std::string const& policy) {
    std::vector<run_row> rows;
    for (auto const& r : in.runs) rows.push_back(r.run);
    std::vector<run_bins const*> out;
    for (auto const& row : curve_of(rows, policy))
        out.push_back(
            &*std::find_if(in.runs.begin(), in.runs.end(), [&](auto const& r) { return r.run.run_id == row.run_id; }));
    std::reverse(out.begin(), out.end());
    return out;
}

/// What one kind of plot by bin shows.
struct by_bin {
    std::string stem, title, y_label;
    optional_real bin_stats_row::*value;
    optional_real bin_stats_row::*low = nullptr;
    optional_real bin_stats_row::*high = nullptr;
};

KVT_DECL chart plot_by_bin(report_input const& in, std::string const& policy, by_bin const& kind) {
    chart c;
    c.title = kind.title + ", " + policy;
    c.subtitle = in.experiment.exp_group_id + " · " + in.dataset.dataset_id;
    c.warning = plot_warning(in);
    c.order = kvt::report::series_order::ascending;
    c.x.label = "prompt length bin (tokens)";
    c.y.label = kind.y_label;
    for (auto const& b : in.bins)
        c.x.ticks.push_back(
            {static_cast<double>(b.bin_idx),
             std::to_string(b.bin_idx) + "\n" + std::to_string(b.token_min) + "–" + std::to_string(b.token_max)});
    for (auto const* run : ascending_curve(in, policy)) {
        auto& series = c.series.emplace_back(chart_series{"KV budget " + fixed(run->run.kv_budget, 2), {}});
        for (auto const& bin : run->bins) {
            if (!(bin.*kind.value)) continue;
            chart_point point{static_cast<double>(bin.bin_idx), *(bin.*kind.value)};
            if (kind.low != nullptr) point.low = bin.*kind.low, point.high = bin.*kind.high;
            series.points.push_back(point);
        }
    }
    if (kind.value != &bin_stats_row::lat_p50) c.y.low = 0, c.y.high = 1;
    return c;
}

KVT_DECL chart plot_by_budget(report_input const& in) {
    chart c;
    c.title = "Accuracy by KV budget";
    c.subtitle = in.experiment.exp_group_id + " · all requests, " + interval_words(in.found) + "s";
    c.warning = plot_warning(in);
    c.x = {.label = "fraction of the full cache's bytes kept", .scale = kvt::report::axis_scale::logarithmic};
    c.y = {.label = "accuracy (" + in.found.metric + ")", .low = 0, .high = 1};
    std::vector<double> budgets;
    for (auto const& z : in.found.zones) {
        auto& series = c.series.emplace_back(chart_series{z.policy, {}});
        if (z.policy == "random") series.mark = series_mark::dashed;
        for (auto const* run : ascending_curve(in, z.policy)) {
            auto const summary = std::find_if(in.found.runs.begin(), in.found.runs.end(),
                                              [&](auto const& s) { return s.run_id == run->run.run_id; });
            if (summary == in.found.runs.end() || !summary->accuracy) continue;
            series.points.push_back({summary->budget, *summary->accuracy, summary->ci_low, summary->ci_high});
            budgets.push_back(summary->budget);
        }
    }
    std::sort(budgets.begin(), budgets.end());
    budgets.erase(std::unique(budgets.begin(), budgets.end()), budgets.end());
    for (double b : budgets) c.x.ticks.push_back({b, fixed(b, 2)});
    if (in.found.zones.size() == 1 && in.found.zones.front().step.found()) {
        auto const& step = in.found.zones.front().step;
        c.zones.push_back({*step.transition_budget, *step.pre_budget, "transition zone"});
    }
    return c;
}

KVT_DECL kvt::report::heat_map plot_map(report_input const& in, std::string const& policy) {
    kvt::report::heat_map m;
    m.title = "Accuracy by budget and length, " + policy;
    m.subtitle = in.experiment.exp_group_id;
    m.warning = plot_warning(in);
    m.x_label = "prompt length bin (tokens)", m.y_label = "KV budget",
    m.value_label = "accuracy (" + in.found.metric + ")";
    m.low = 0, m.high = 1;
    for (auto const& b : in.bins) m.columns.push_back(std::to_string(b.token_min) + "–" + std::to_string(b.token_max));
    for (auto const* run : ascending_curve(in, policy)) {
        m.rows.push_back(fixed(run->run.kv_budget, 2));
        auto& cells = m.values.emplace_back(in.bins.size());
        for (auto const& bin : run->bins) {
            auto const at =
                std::find_if(in.bins.begin(), in.bins.end(), [&](auto const& b) { return b.bin_idx == bin.bin_idx; });
            if (at != in.bins.end()) cells[static_cast<std::size_t>(at - in.bins.begin())] = bin.acc_mean;
        }
    }
    return m;
}

}  // namespace detail

KVT_DECL std::vector<planned_plot> plan_plots(report_input const& in) {
    std::vector<planned_plot> plan;
    auto const accuracy = "accuracy (" + in.found.metric + ")";
    detail::by_bin const kinds[] = {
        {"acc_by_bin", "Accuracy by prompt length", accuracy, &bin_stats_row::acc_mean, &bin_stats_row::acc_ci_low,
         &bin_stats_row::acc_ci_high},
        {"fail_by_bin", "Failure rate by prompt length", "failure rate", &bin_stats_row::fail_rate},
        {"latency_p50_by_bin", "Median latency by prompt length", "seconds", &bin_stats_row::lat_p50},
        {"std_by_bin", "Spread of accuracy by prompt length", "standard deviation", &bin_stats_row::acc_std}};
    auto const point = in.found.baseline_budget < 1 ? std::string{"."} : "; the full cache is the point at budget 1.";
    plan.push_back({"plots/accuracy_by_budget", "One line a policy" + point, "", detail::plot_by_budget(in)});
    for (auto const& z : in.found.zones) {
        auto const suffix = &z == in.found.zones.data() ? std::string{} : "_" + z.policy;
        auto const fold = z.policy + " by prompt length" + unproven_mark(in.found);
        for (auto const& kind : kinds)
            plan.push_back(
                {"plots/" + kind.stem + suffix, "One line a budget.", fold, detail::plot_by_bin(in, z.policy, kind)});
        if (in.runs.size() > 1)
            plan.push_back(
                {"plots/transition_map" + suffix, "One row a budget.", fold, detail::plot_map(in, z.policy)});
    }
    std::erase_if(plan, [](planned_plot const& p) {
        return !std::visit([](auto const& picture) { return kvt::report::has_data(picture); }, p.picture);
    });
    return plan;
}

}  // namespace kvt::inline KVT_ABI::harness
