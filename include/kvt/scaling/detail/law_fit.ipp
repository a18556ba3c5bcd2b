#pragma once

#include <kvt/numeric/quantile.hpp>
#include <kvt/numeric/student.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/law_fit.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline void require_spread(std::span<double const> x) {
    auto const [least, most] = std::ranges::minmax(x);
    if (least == most)
        throw scaling_error{fault::equal_budgets, "fit", "all x are equal, so there is no exponent",
                            "at least two distinct budgets"};
}

inline std::vector<double> log10_of(std::span<double const> values) {
    std::vector<double> out;
    for (double const v : values) out.push_back(std::log10(v));
    return out;
}

/// A weighted line and its sums.
struct line {
    double slope = 0, intercept = 0, mean_u = 0, suu = 0;
};
inline line weighted_line(std::span<double const> u, std::span<double const> v, std::span<double const> weight) {
    double total = 0, mu = 0, mv = 0, suu = 0, suv = 0;
    for (std::size_t i = 0; i < u.size(); ++i) total += weight[i], mu += weight[i] * u[i], mv += weight[i] * v[i];
    mu /= total, mv /= total;
    for (std::size_t i = 0; i < u.size(); ++i) {
        suu += weight[i] * (u[i] - mu) * (u[i] - mu);
        suv += weight[i] * (u[i] - mu) * (v[i] - mv);
    }
    double const slope = suv / suu;
    return {slope, mv - slope * mu, mu, suu};
}

/// Sums of squares of a line in log10 space, and the law it stands for.
inline law_fit law_of(line const& l, std::span<double const> u, std::span<double const> v) {
    law_fit out{.log10_k = l.intercept, .n_points = static_cast<std::int64_t>(u.size())};
    double mean = 0;
    for (double const y : v) mean += y / static_cast<double>(v.size());
    for (std::size_t i = 0; i < u.size(); ++i) {
        double const r = v[i] - l.intercept - l.slope * u[i];
        out.sse += r * r, out.sst += (v[i] - mean) * (v[i] - mean);
    }
    out.law.exponent_a = l.slope, out.law.coefficient_k = std::pow(10.0, l.intercept);
    out.law.r_squared = out.sst == 0 ? 0 : 1 - out.sse / out.sst;
    return out;
}

inline void add_intervals(law_fit& fit, line const& l) {
    auto const n = fit.n_points;
    if (n < 3) return;
    double const t = numeric::student_quantile(0.975, static_cast<int>(n - 2));
    double const s = std::sqrt(fit.sse / static_cast<double>(n - 2));
    fit.t_quantile = t, fit.se_a = s / std::sqrt(l.suu);
    fit.se_log10_k = s * std::sqrt(1 / static_cast<double>(n) + l.mean_u * l.mean_u / l.suu);
    double const a = fit.law.exponent_a, half_a = t * *fit.se_a, half_k = t * *fit.se_log10_k;
    fit.law.a_ci = {a - half_a, a + half_a};
    fit.law.k_ci = {std::pow(10.0, fit.log10_k - half_k), std::pow(10.0, fit.log10_k + half_k)};
}

/// y that is the same everywhere: a = 0, k = y.
inline law_fit constant_law(std::span<double const> y) {
    law_fit out{.log10_k = std::log10(y.front()), .n_points = static_cast<std::int64_t>(y.size())};
    out.law.coefficient_k = y.front();
    if (y.size() < 3) return out;
    out.t_quantile = numeric::student_quantile(0.975, static_cast<int>(y.size() - 2));
    out.se_a = 0, out.se_log10_k = 0;
    out.law.a_ci = {0, 0}, out.law.k_ci = {y.front(), y.front()};
    return out;
}

inline bool constant(std::span<double const> y) {
    auto const [least, most] = std::ranges::minmax(y);
    return least == most;
}

}  // namespace detail

KVT_DECL law_fit loglog::operator()(std::span<double const> x, std::span<double const> y) const {
    detail::require_spread(x);
    if (detail::constant(y)) return detail::constant_law(y);
    auto const u = detail::log10_of(x), v = detail::log10_of(y);
    auto const l = detail::weighted_line(u, v, std::vector<double>(u.size(), 1.0));
    auto out = detail::law_of(l, u, v);
    detail::add_intervals(out, l);
    return out;
}

KVT_DECL law_fit huber_loglog::operator()(std::span<double const> x, std::span<double const> y) const {
    detail::require_spread(x);
    if (detail::constant(y)) return detail::constant_law(y);
    auto const u = detail::log10_of(x), v = detail::log10_of(y);
    std::vector<double> weight(u.size(), 1.0), residual(u.size());
    auto l = detail::weighted_line(u, v, weight);
    auto const measure = [&] {
        for (std::size_t i = 0; i < u.size(); ++i) residual[i] = v[i] - l.intercept - l.slope * u[i];
    };
    measure();
    double const middle = numeric::median(residual).value_or(0);
    std::vector<double> distance;
    for (double const r : residual) distance.push_back(std::abs(r - middle));
    double const scale = 1.4826 * numeric::median(distance).value_or(0);
    for (int step = 0; scale > 0 && step < 10'000; ++step) {
        for (std::size_t i = 0; i < u.size(); ++i)
            weight[i] = std::abs(residual[i]) <= tuning * scale ? 1 : tuning * scale / std::abs(residual[i]);
        auto const next = detail::weighted_line(u, v, weight);
        bool const settled = std::abs(next.slope - l.slope) < 1e-13 && std::abs(next.intercept - l.intercept) < 1e-13;
        l = next;
        measure();
        if (settled) break;
    }
    auto out = detail::law_of(l, u, v);
    out.scale = scale;
    return out;
}

KVT_DECL std::vector<std::size_t> valid_points(std::span<double const> x, std::span<double const> y) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        if (std::isfinite(x[i]) && std::isfinite(y[i]) && x[i] > 0 && y[i] > 0) out.push_back(i);
    return out;
}

KVT_DECL std::vector<std::uint8_t> inliers(outlier_rule rule, std::span<double const> x, std::span<double const> y) {
    std::vector<std::uint8_t> out(x.size(), 1);
    if (rule == outlier_rule::none || x.size() < 5) return out;
    auto const law = loglog{}(x, y).law;
    std::vector<double> residuals;
    for (std::size_t i = 0; i < x.size(); ++i)
        residuals.push_back(rule == outlier_rule::iqr_linear ? y[i] - law.value(x[i])
                                                             : std::log10(y[i]) - std::log10(law.value(x[i])));
    auto const quartiles = numeric::percentiles(residuals, std::vector<double>{0.25, 0.75});
    double const range = quartiles[1] - quartiles[0], slack = rule == outlier_rule::iqr_log10 ? 1e-9 : 0;
    double const low = quartiles[0] - 1.5 * range - slack, high = quartiles[1] + 1.5 * range + slack;
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = residuals[i] >= low && residuals[i] <= high ? 1 : 0;
    return out;
}

namespace detail {

KVT_DECL counted_points points_that_count(std::string const& name, outlier_rule rule, std::span<double const> x,
                                          std::span<double const> y) {
    auto const valid = valid_points(x, y);
    auto const where = name.empty() ? std::string{"fit"} : name;
    auto const refuse = [&](std::string const& of, std::size_t count) {
        throw scaling_error{fault::too_few_points, where,
                            "fewer than two " + of + " points (" + std::to_string(count) + ")", "two or more"};
    };
    if (valid.size() < 2) refuse("valid", valid.size());
    std::vector<double> valid_x, valid_y;
    for (auto const i : valid) valid_x.push_back(x[i]), valid_y.push_back(y[i]);
    auto const kept = inliers(rule, valid_x, valid_y);
    counted_points out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        bool const is_valid = at < valid.size() && valid[at] == i;
        if (is_valid && kept[at] != 0) out.x.push_back(valid_x[at]), out.y.push_back(valid_y[at]);
        else out.excluded.push_back(static_cast<std::int64_t>(i));
        at += is_valid ? 1 : 0;
    }
    if (out.x.size() < 2) refuse("remaining", out.x.size());
    return out;
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling
