#pragma once

#include <kvt/exec/reduce.hpp>
#include <kvt/numeric/lbfgs.hpp>
#include <kvt/numeric/mt19937_stream.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/scaling/detail/surface_objective.ipp>
#include <kvt/scaling/parametric.hpp>

#include <algorithm>
#include <numeric>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// The grid's starts, in a fixed order.
inline std::vector<surface_theta> const& grid_starts() {
    static std::vector<surface_theta> const all = [] {
        std::vector<surface_theta> out;
        for (int alpha = 0; alpha <= 4; ++alpha)
            for (int beta = 0; beta <= 4; ++beta)
                for (int e = -2; e <= 2; ++e)
                    for (int a = 0; a <= 5; ++a)
                        for (int b = 0; b <= 5; ++b)
                            out.push_back({5.0 * a, 5.0 * b, 0.5 * e, 0.5 * alpha, 0.5 * beta});
        return out;
    }();
    return all;
}

/// What each start loses at each run. Powers of N and D are the same for many starts, so a start costs a logarithm a run.
class start_table {
  public:
    start_table(surface_objective const& of, exec::executor_view threads)
        : stride_{of.columns()[0].size()}, kernels_{surface_kernels_of(of.kernels())},
          losses_(grid_starts().size() * stride_) {
        auto const columns = columns_of(of);
        std::vector<double> power_n(5 * stride_), power_d(5 * stride_);
        for (std::size_t k = 0; k < 5; ++k)
            for (std::size_t i = 0; i < stride_; ++i) {
                power_n[k * stride_ + i] = std::exp(-0.5 * static_cast<double>(k) * columns.log_n[i]);
                power_d[k * stride_ + i] = std::exp(-0.5 * static_cast<double>(k) * columns.log_d[i]);
            }
        exec::parallel_blocks(threads, grid_starts().size(), 180, [&](std::size_t begin, std::size_t end) {
            for (std::size_t s = begin; s < end; ++s) {
                auto const& start = grid_starts()[s];
                std::array const factors{std::exp(start.a), std::exp(start.b), std::exp(start.e)};
                auto const power = [&](std::vector<double> const& of_which, double exponent) {
                    return of_which.data() + static_cast<std::size_t>(2 * exponent) * stride_;
                };
                kernels_.start_losses(columns, power(power_n, start.alpha), power(power_d, start.beta), factors.data(),
                                      of.delta(), losses_.data() + s * stride_);
            }
        });
    }

    /// The `count` starts that lose least under these weights; of equal ones, the first.
    [[nodiscard]] std::vector<surface_theta> best(std::span<double const> weights, std::size_t count) const {
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t s = 0; s < grid_starts().size(); ++s)
            order.emplace_back(kernels_.weighted(losses_.data() + s * stride_, weights.data(), stride_), s);
        count = std::min(count, order.size());
        std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(count));
        std::vector<surface_theta> out;
        for (std::size_t k = 0; k < count; ++k) out.push_back(grid_starts()[order[k].second]);
        return out;
    }

  private:
    std::size_t stride_;
    surface_kernels kernels_;
    std::vector<double> losses_;
};

using five = std::array<double, 5>;
inline surface_theta theta_of(std::span<double const> v) { return {v[0], v[1], v[2], v[3], v[4]}; }

/// Solves H x = g by elimination with pivots on the diagonal; false where H is not positive.
inline bool solve_five(std::array<five, 5> h, five g, five& x) {
    for (std::size_t k = 0; k < 5; ++k) {
        if (!(h[k][k] > 0)) return false;
        for (std::size_t r = k + 1; r < 5; ++r) {
            double const factor = h[r][k] / h[k][k];
            for (std::size_t c = k; c < 5; ++c) h[r][c] -= factor * h[k][c];
            g[r] -= factor * g[k];
        }
    }
    for (std::size_t k = 5; k-- > 0;) {
        x[k] = g[k];
        for (std::size_t c = k + 1; c < 5; ++c) x[k] -= h[k][c] * x[c];
        x[k] /= h[k][k];
    }
    return true;
}

/// A surface fitted to points whose N and D are shares of their geometric means: there, a factor and its exponent hardly
/// pull at each other, and searches are short.
class centred_search {
  public:
    centred_search(std::span<run_point const> points, double delta, std::span<double const> weights)
        : of_{centred(points, mean_n_, mean_d_), delta, weights} {}

    struct found {
        double objective = 0;
        surface_theta theta{};  ///< of the points as they are
    };
    /// From a start in terms of the points as they are.
    [[nodiscard]] found descend(surface_theta const& start) const {
        double const scale = 1 / (of_.delta() * of_.delta());
        five const from{start.a - start.alpha * mean_n_, start.b - start.beta * mean_d_, start.e, start.alpha,
                        start.beta};
        auto const value = [&](std::span<double const> x, std::span<double> gradient) {
            five g{};
            double const f = of_(theta_of(x), g);
            for (std::size_t i = 0; i < 5; ++i) gradient[i] = scale * g[i];
            return scale * f;
        };
        auto const end =
            numeric::lbfgs(value, from, {.history = 10, .max_iterations = 400, .gradient_tolerance = 1e-9 * scale});
        return {end.value / scale, theta_of(end.x)};
    }
    /// Newton steps from what `descend` found, as long as they help; the gradient's differences give the curvature.
    [[nodiscard]] found polish(found from) const {
        double damping = 1e-3;
        for (int step = 0; step < 60 && damping < 1e12; ++step) {
            five gradient{}, move{};
            from.objective = of_(from.theta, gradient);
            auto h = curvature(from.theta);
            for (std::size_t i = 0; i < 5; ++i) h[i][i] += damping * (std::abs(h[i][i]) + 1e-12);
            if (!solve_five(h, gradient, move)) {
                damping = std::max(10 * damping, 1e-3);
                continue;
            }
            auto next = from.theta.all();
            for (std::size_t i = 0; i < 5; ++i) next[i] -= move[i];
            double const there = of_(theta_of(next));
            if (there < from.objective) {
                bool const settled = there > from.objective * (1 - 1e-13);
                from = {there, theta_of(next)};
                damping = std::max(damping * 0.1, 1e-15);
                if (settled) break;
            } else {
                damping *= 10;
            }
        }
        return from;
    }
    [[nodiscard]] found uncentred(found f) const {
        f.theta.a += f.theta.alpha * mean_n_, f.theta.b += f.theta.beta * mean_d_;
        return f;
    }

  private:
    [[nodiscard]] std::array<five, 5> curvature(surface_theta const& at) const {
        std::array<five, 5> out{};
        for (std::size_t k = 0; k < 5; ++k) {
            auto up = at.all(), down = at.all();
            double const h = 1e-5 * std::max(1.0, std::abs(up[k]));
            up[k] += h, down[k] -= h;
            five high{}, low{};
            (void)of_(theta_of(up), high), (void)of_(theta_of(down), low);
            for (std::size_t i = 0; i < 5; ++i) out[k][i] = (high[i] - low[i]) / (2 * h);
        }
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t k = 0; k < i; ++k) out[i][k] = out[k][i] = (out[i][k] + out[k][i]) / 2;
        return out;
    }
    static std::vector<run_point> centred(std::span<run_point const> points, double& mean_n, double& mean_d) {
        mean_n = mean_d = 0;
        double const count = static_cast<double>(points.size());
        for (auto const& p : points) mean_n += std::log(p.model_size) / count, mean_d += std::log(p.num_tokens) / count;
        std::vector<run_point> out{points.begin(), points.end()};
        for (auto& p : out) p.model_size /= std::exp(mean_n), p.num_tokens /= std::exp(mean_d);
        return out;
    }

    double mean_n_ = 0, mean_d_ = 0;
    surface_objective of_;
};

/// The best end of all starts: the first of equal ones, whatever the number of threads.
inline centred_search::found best_end(centred_search const& search, std::span<surface_theta const> starts,
                                      exec::executor_view threads) {
    auto ends = exec::parallel_map(threads, starts.size(), [&](std::size_t i) { return search.descend(starts[i]); });
    std::ranges::stable_sort(ends, {},
                             [](auto const& f) { return std::isfinite(f.objective) ? f.objective : HUGE_VAL; });
    if (ends.size() > 3) ends.resize(3);
    for (auto& end : ends) end = search.polish(end);
    return search.uncentred(*std::ranges::min_element(ends, {}, [](auto const& f) { return f.objective; }));
}

inline void require_runs(std::size_t count) {
    if (count < 5)
        throw scaling_error{fault::too_few_points, "parametric fit", std::to_string(count) + " runs",
                            "at least five: a surface has five numbers"};
}

}  // namespace detail

KVT_DECL std::vector<run_point> without_worst(std::span<run_point const> points, std::int64_t count) {
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](auto a, auto b) { return points[a].final_loss > points[b].final_loss; });
    order.erase(order.begin(),
                order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                    points.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, count)))));
    std::ranges::sort(order);
    std::vector<run_point> out;
    for (auto const i : order) out.push_back(points[i]);
    return out;
}

KVT_DECL void parametric_fit::check() const {
    if (!(delta > 0 && delta < 1e3))
        throw scaling_error{fault::invalid_option, "parametric.delta", "is " + std::to_string(delta), "above 0"};
    if (starts < 1 || starts > 4500)
        throw scaling_error{fault::invalid_option, "parametric.starts", "is " + std::to_string(starts), "1 to 4500"};
    if (drop_worst < 0)
        throw scaling_error{fault::invalid_option, "parametric.drop_worst", "is " + std::to_string(drop_worst),
                            "0 or more"};
}

KVT_DECL surface_fit parametric_fit::operator()(std::span<run_point const> points, exec::executor_view threads) const {
    check();
    auto const kept = without_worst(points, drop_worst);
    detail::require_runs(kept.size());
    surface_objective const of{kept, delta};
    auto const starts_there = detail::start_table{of, threads}.best(of.columns()[3], static_cast<std::size_t>(starts));
    auto const best = detail::best_end(detail::centred_search{kept, delta, {}}, starts_there, threads);
    surface_fit out{.theta = best.theta,
                    .surface = best.theta.surface(),
                    .a_opt = best.theta.a_opt(),
                    .runs = static_cast<std::int64_t>(kept.size())};
    std::array<double, 5> gradient{};
    out.objective = of(best.theta, gradient);
    for (double const g : gradient) out.gradient = std::max(out.gradient, std::abs(g));
    return out;
}
KVT_DECL surface_fit parametric_fit::operator()(std::span<run_point const> points) const {
    return (*this)(points, exec::inline_executor{});
}

KVT_DECL void surface_bootstrap::check() const {
    auto const require = [](bool holds, char const* key, std::string const& is, char const* expected) {
        if (!holds) throw scaling_error{fault::invalid_option, key, "is " + is, expected};
    };
    require(resamples >= 2 && resamples <= 1'000'000, "bootstrap.resamples", std::to_string(resamples), "2 to 1000000");
    require(seed >= 0 && seed <= 4'294'967'295, "bootstrap.seed", std::to_string(seed), "0 to 2^32 - 1");
    require(starts >= 0 && starts <= 4500, "bootstrap.starts", std::to_string(starts), "0 to 4500");
    require(alpha > 0 && alpha < 1, "bootstrap.alpha", std::to_string(alpha), "between 0 and 1");
    require(!target_compute || (*target_compute > 0 && std::isfinite(*target_compute)), "bootstrap.target_compute",
            std::to_string(target_compute.value_or(0)), "a finite number above 0");
}

KVT_DECL std::vector<std::vector<std::size_t>> surface_bootstrap::draws(std::size_t runs) const {
    auto units = numeric::mt19937_stream::seeded(static_cast<std::uint32_t>(seed));
    std::vector<std::vector<std::size_t>> out(static_cast<std::size_t>(resamples));
    for (auto& one : out)
        for (std::size_t i = 0; i < runs; ++i)
            one.push_back(static_cast<std::size_t>(static_cast<double>(runs) * units.unit()));
    return out;
}

namespace detail {

/// The figures that intervals are wanted of.
inline std::vector<std::pair<std::string, double>> figures_of(surface_theta const& theta,
                                                              std::optional<double> const& target) {
    auto const s = theta.surface();
    std::vector<std::pair<std::string, double>> out{{"E", s.E},         {"A", s.A},       {"B", s.B},
                                                    {"alpha", s.alpha}, {"beta", s.beta}, {"a", theta.a_opt()}};
    if (target) {
        auto const best = s.best(*target);
        out.emplace_back("N_opt", best.n_opt), out.emplace_back("D_opt", best.d_opt);
    }
    return out;
}

inline std::vector<surface_interval> intervals_of(std::span<surface_theta const> replicates, surface_theta const& all,
                                                  surface_bootstrap const& how) {
    std::vector<surface_interval> out;
    auto const of_all = figures_of(all, how.target_compute);
    for (std::size_t f = 0; f < of_all.size(); ++f) {
        std::vector<double> values;
        for (auto const& r : replicates) values.push_back(figures_of(r, how.target_compute)[f].second);
        double mean = 0, squares = 0;
        double const n = static_cast<double>(values.size());
        for (double const v : values) mean += v / n;
        for (double const v : values) squares += (v - mean) * (v - mean);
        auto const ends = numeric::percentiles(values, std::vector<double>{how.alpha / 2, 1 - how.alpha / 2});
        out.push_back({of_all[f].first, of_all[f].second, ends[0], ends[1], std::sqrt(squares / (n - 1))});
    }
    return out;
}

}  // namespace detail

KVT_DECL bootstrapped_surface surface_bootstrap::refit(std::span<run_point const> points, parametric_fit const& how,
                                                       surface_fit const& all,
                                                       std::span<std::vector<std::size_t> const> resampled,
                                                       exec::executor_view threads) const {
    check(), how.check();
    auto const kept = without_worst(points, how.drop_worst);
    detail::require_runs(kept.size());
    surface_objective const of{kept, how.delta};
    detail::start_table const table{of, threads};
    auto const found = exec::parallel_map(threads, resampled.size(), [&](std::size_t r) {
        std::vector<double> weights(of.columns()[0].size(), 0.0);
        for (auto const i : resampled[r]) weights.at(i) += 1;
        auto starts_there = table.best(weights, static_cast<std::size_t>(starts));
        starts_there.push_back(all.theta);
        detail::centred_search const search{kept, how.delta, std::span{weights}.first(kept.size())};
        return detail::best_end(search, starts_there, exec::inline_executor{});
    });
    bootstrapped_surface out;
    for (auto const& f : found) out.replicates.push_back(f.theta), out.objectives.push_back(f.objective);
    out.intervals = detail::intervals_of(out.replicates, all.theta, *this);
    return out;
}

KVT_DECL bootstrapped_surface surface_bootstrap::operator()(std::span<run_point const> points,
                                                            parametric_fit const& how, surface_fit const& all,
                                                            exec::executor_view threads) const {
    check();
    auto const count = without_worst(points, how.drop_worst).size();
    return refit(points, how, all, draws(count), threads);
}

}  // namespace kvt::inline KVT_ABI::scaling
