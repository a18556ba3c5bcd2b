#pragma once

#include <kvt/numeric/quantile.hpp>
#include <kvt/scaling/figures.hpp>
#include <kvt/scaling/log_grid.hpp>
#include <kvt/scaling/optimum.hpp>

#include <algorithm>
#include <cstdio>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

template <class... Values> std::string text_of(char const* format, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

inline std::vector<std::vector<double>> curve_of(power_law const& law, std::span<double const> budgets) {
    std::vector<std::vector<double>> out;
    for (double const c : budgets) out.push_back({c, law.value(c)});
    return out;
}

/// One colour for a law and its points.
struct law_look {
    std::string what, colour;
};

inline void add_law(report::chart& out, law_look const& look, std::vector<run_point> const& best,
                    double run_point::*value, std::vector<std::vector<double>> const* curve, power_law const* law) {
    report::chart_series points{
        .label = look.what, .points = {}, .mark = report::series_mark::points, .colour = look.colour};
    for (auto const& p : best) points.points.push_back({p.compute_budget, p.*value});
    out.series.push_back(std::move(points));
    if (curve == nullptr || law == nullptr) return;
    report::chart_series line{.label = text_of("%.2e C^%.3f", law->coefficient_k, law->exponent_a),
                              .points = {},
                              .mark = report::series_mark::curve,
                              .colour = look.colour};
    if (law->l_inf && *law->l_inf != 0) line.label = text_of("%.4g + ", *law->l_inf) + line.label;
    for (auto const& p : *curve)
        if (out.y.scale == report::axis_scale::linear || p[1] > 0) line.points.push_back({p[0], p[1]});
    out.series.push_back(std::move(line));
}

}  // namespace detail

KVT_DECL figure_series series_of(std::span<run_point const> points, law_triple const* laws, std::int64_t decimals) {
    figure_series out;
    for (auto const& b : buckets_of(points, decimals)) {
        auto rows = b.rows;
        std::ranges::stable_sort(rows, {}, [&](std::size_t r) { return points[r].model_size; });
        isoflop_curve curve{.bucket_key = b.key};
        for (auto const r : rows)
            curve.model_size.push_back(points[r].model_size), curve.final_loss.push_back(points[r].final_loss);
        out.isoflops.push_back(std::move(curve));
    }
    auto const best = find_optima(empirical{}, points, size_order::any, decimals);
    for (std::size_t i = 0; i < best.size(); ++i) {
        auto const& at = best[i].at;
        out.isoflops[i].optimal = {at.model_size, at.final_loss};
        out.optimal.push_back(at);
        out.tokens_per_param.ratio.push_back(at.num_tokens / at.model_size);
    }
    out.tokens_per_param.median = median_ratio(best).value_or(0);
    if (laws == nullptr || out.optimal.empty()) return out;
    auto const [first, last] = std::ranges::minmax(out.optimal, {}, &run_point::compute_budget);
    auto const budgets = log_grid(first.compute_budget, last.compute_budget, 100);
    out.fit_curves = law_curves{detail::curve_of(laws->n_opt_fit, budgets), detail::curve_of(laws->d_opt_fit, budgets),
                                detail::curve_of(laws->l_opt_fit, budgets)};
    return out;
}

KVT_DECL report::chart isoflops_chart(figure_series const& series, std::int64_t decimals) {
    report::chart out{.title = "Loss by model size, one line a budget",
                      .subtitle = std::to_string(series.isoflops.size()) + " budgets; black: the best run of each",
                      .x = {.label = "parameters", .scale = report::axis_scale::logarithmic},
                      .y = {.label = "loss, nats a token"},
                      .order = report::series_order::ascending};
    report::chart_series best{.label = "best", .points = {}, .mark = report::series_mark::points, .colour = "#000000"};
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (auto const& curve : series.isoflops) {
        double const power = static_cast<double>(curve.bucket_key) / std::pow(10.0, static_cast<double>(decimals));
        report::chart_series line{
            .label = detail::text_of("10^%.*f FLOPs", static_cast<int>(std::max<std::int64_t>(2, decimals)), power),
            .points = {}};
        for (std::size_t i = 0; i < curve.model_size.size(); ++i) {
            line.points.push_back({curve.model_size[i], curve.final_loss[i]});
            least = std::min(least, curve.final_loss[i]), most = std::max(most, curve.final_loss[i]);
        }
        if (curve.optimal.size() == 2) best.points.push_back({curve.optimal[0], curve.optimal[1]});
        out.series.push_back(std::move(line));
    }
    double const room = most > least ? 0.05 * (most - least) : 0.5;
    out.y.low = least - room, out.y.high = most + room;
    out.series.push_back(std::move(best));
    return out;
}

KVT_DECL report::panels laws_panels(figure_series const& series, law_triple const* laws) {
    struct panel {
        std::string title, axis, what;
        report::axis_scale scale;
        double run_point::*value;
        std::vector<std::vector<double>> law_curves::*curve;
        power_law law_triple::*law;
    };
    using enum report::axis_scale;
    panel const all[] = {{"Best model size", "parameters", "best run", logarithmic, &run_point::model_size,
                          &law_curves::n_opt_fit, &law_triple::n_opt_fit},
                         {"Its tokens", "tokens", "best run", logarithmic, &run_point::num_tokens,
                          &law_curves::d_opt_fit, &law_triple::d_opt_fit},
                         {"Its loss", "loss, nats a token", "best run", linear, &run_point::final_loss,
                          &law_curves::l_opt_fit, &law_triple::l_opt_fit}};
    report::panels out{.title = "Best model size, tokens and loss by training compute"};
    std::size_t place = 0;
    for (auto const& p : all) {
        report::chart chart{.title = p.title,
                            .x = {.label = "training compute, FLOPs", .scale = logarithmic},
                            .y = {.label = p.axis, .scale = p.scale}};
        detail::add_law(chart, {p.what, report::categorical_colour(place++)}, series.optimal, p.value,
                        series.fit_curves ? &((*series.fit_curves).*p.curve) : nullptr,
                        laws != nullptr ? &(laws->*p.law) : nullptr);
        if (p.scale == linear) {
            double least = HUGE_VAL, most = -HUGE_VAL;
            for (auto const& one : chart.series)
                for (auto const& at : one.points) least = std::min(least, at.y), most = std::max(most, at.y);
            double const room = most > least ? 0.05 * (most - least) : 0.5;
            chart.y.low = least - room, chart.y.high = most + room;
        }
        out.charts.push_back(std::move(chart));
    }
    return out;
}

KVT_DECL report::chart ratio_chart(figure_series const& series) {
    report::chart out{.title = "Tokens per parameter of the best run",
                      .x = {.label = "training compute, FLOPs", .scale = report::axis_scale::logarithmic},
                      .y = {.label = "tokens / parameters"}};
    report::chart_series points{.label = "best runs", .points = {}, .mark = report::series_mark::points};
    for (std::size_t i = 0; i < series.optimal.size(); ++i)
        points.points.push_back({series.optimal[i].compute_budget, series.tokens_per_param.ratio[i]});
    auto const [first, last] = std::ranges::minmax(series.optimal, {}, &run_point::compute_budget);
    double const usual = series.tokens_per_param.reference_line;
    report::chart_series line{.label = detail::text_of("rule of thumb: %g", usual),
                              .points = {{first.compute_budget, usual}, {last.compute_budget, usual}},
                              .mark = report::series_mark::curve,
                              .colour = report::categorical_colour(1)};
    out.series = {std::move(points), std::move(line)};
    out.thresholds = {{series.tokens_per_param.median, detail::text_of("median %.1f", series.tokens_per_param.median)}};
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
