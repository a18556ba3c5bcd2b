// law_fit: power laws through points: the contract, straight lines in log10 space, and which points count.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/scaling/power_law.hpp>

#include <concepts>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// A fitted law and what lies behind it. Errors are those of log10 y for fits in log10 space.
struct law_fit {
    power_law law{};
    double log10_k = 0;
    double sse = 0, sst = 0;  ///< in the space of the fit
    std::int64_t n_points = 0;
    std::optional<double> t_quantile{}, se_a{}, se_log10_k{};
    std::optional<double> scale{};         ///< of a robust fit's residuals
    std::vector<std::int64_t> excluded{};  ///< points that do not count, by index
};
KVT_RECORD(law_fit, law, log10_k, sse, sst, n_points, t_quantile, se_a, se_log10_k, scale, excluded);

/// Fits a law to points that are all finite and above 0, at least two. Throws `scaling_error{equal_budgets}` where all x
/// are equal. Satisfied by `loglog`, `huber_loglog`, `offset_law`.
template <class R>
concept law_rule = named<R> && record<R> &&
    requires(R const& rule, std::span<double const> x, std::span<double const> y) {
    { rule(x, y) } -> std::same_as<law_fit>;
};

/// Ordinary least squares of log10 y on log10 x, with Student's intervals from three points on; R² in log10 space, 0 where
/// y does not vary (scaling-laws 4.4).
struct loglog {
    static constexpr std::string_view name = "loglog";
    [[nodiscard]] law_fit operator()(std::span<double const> x, std::span<double const> y) const;
};
KVT_EMPTY_RECORD(loglog);

/// The same line by Huber's weights, from the scale of the least-squares residuals (1.4826 times their median distance from
/// the median), which stays; without intervals (scaling-laws 4.6).
struct huber_loglog {
    static constexpr std::string_view name = "huber_loglog";
    double tuning = 1.345;  ///< scales from the line within which residuals count in full
    [[nodiscard]] law_fit operator()(std::span<double const> x, std::span<double const> y) const;
};
KVT_RECORD(huber_loglog, tuning);

/// y = l_inf + k x^a with l_inf, k >= 0 and a in [-1, 2], least squares of y itself, by variable projection: for each a the
/// best l_inf and k are known, so that one search over a finds the global optimum (scaling-laws 4.5). Fewer than three
/// distinct x: `loglog` with l_inf 0. R² in linear space.
struct offset_law {
    static constexpr std::string_view name = "linf";
    [[nodiscard]] law_fit operator()(std::span<double const> x, std::span<double const> y) const;
};
KVT_EMPTY_RECORD(offset_law);

/// Which points are outliers of the least-squares line.
enum class outlier_rule : std::uint8_t {
    none,
    iqr_linear,  ///< beyond 1.5 interquartile ranges in y; drops the largest budgets of clean data
    iqr_log10,   ///< in log10 y, widened by 1e-9 so that rounding drops nothing
};
KVT_CHOICE(outlier_rule, "none", "iqr_linear", "iqr_log10");

/// Indices of the points with x and y finite and above 0.
[[nodiscard]] std::vector<std::size_t> valid_points(std::span<double const> x, std::span<double const> y);

/// 1 for each point that is no outlier. Nothing is one among fewer than five points.
[[nodiscard]] std::vector<std::uint8_t> inliers(outlier_rule rule, std::span<double const> x,
                                                std::span<double const> y);

namespace detail {
struct counted_points {
    std::vector<double> x, y;
    std::vector<std::int64_t> excluded;
};
/// Throws `scaling_error{too_few_points}` where fewer than two count.
[[nodiscard]] counted_points points_that_count(std::string const& name, outlier_rule rule, std::span<double const> x,
                                               std::span<double const> y);
}  // namespace detail

/// The law through the points that are valid and no outliers. Throws `scaling_error{too_few_points}` for fewer than two.
template <law_rule R>
[[nodiscard]] law_fit fit_law(R const& rule, std::string name, std::span<double const> x, std::span<double const> y,
                              outlier_rule outliers = outlier_rule::none) {
    auto points = detail::points_that_count(name, outliers, x, y);
    auto out = rule(std::span<double const>{points.x}, std::span<double const>{points.y});
    out.excluded = std::move(points.excluded);
    out.law.name = std::move(name);
    out.law.formula = formula_text(out.law);
    return out;
}

/// How a fit changes with the points it is made from.
struct left_out {
    std::vector<double> exponents{};  ///< without each point in turn
    double rmse_log10 = 0;            ///< of the points that were left out, log10 residuals
};
KVT_RECORD(left_out, exponents, rmse_log10);

/// Refits without each valid point in turn; null for fewer than three, or where what is left has one x.
template <law_rule R>
[[nodiscard]] std::optional<left_out> leave_one_out(R const& rule, std::span<double const> x,
                                                    std::span<double const> y) {
    auto const points = detail::points_that_count("", outlier_rule::none, x, y);
    std::size_t const n = points.x.size();
    if (n < 3) return std::nullopt;
    left_out out;
    for (std::size_t i = 0; i < n; ++i) {
        auto some_x = points.x, some_y = points.y;
        some_x.erase(some_x.begin() + static_cast<std::ptrdiff_t>(i));
        some_y.erase(some_y.begin() + static_cast<std::ptrdiff_t>(i));
        bool varies = false;
        for (double const v : some_x) varies = varies || v != some_x.front();
        if (!varies) return std::nullopt;
        auto const fit = rule(std::span<double const>{some_x}, std::span<double const>{some_y});
        double const residual = std::log10(points.y[i]) - std::log10(fit.law.value(points.x[i]));
        out.exponents.push_back(fit.law.exponent_a);
        out.rmse_log10 += residual * residual / static_cast<double>(n);
    }
    out.rmse_log10 = std::sqrt(out.rmse_log10);
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/law_fit.ipp>
#include <kvt/scaling/detail/offset_law.ipp>
#endif
