// L-BFGS: the least of a smooth function of a few variables, from its values and gradients.
#pragma once

#include <kvt/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

struct lbfgs_options {
    std::size_t history = 10;  ///< pairs of steps and gradient changes that are kept
    std::int64_t max_iterations = 500;
    double gradient_tolerance = 1e-9;  ///< stop where no component of the gradient is larger
};

enum class lbfgs_end : std::uint8_t {
    converged,  ///< the gradient is small enough
    stalled,    ///< no step along the direction lowers the function: rounding, or a kink
    exhausted,  ///< as many iterations as allowed
};

struct lbfgs_result {
    std::vector<double> x;
    double value = 0;
    double gradient = 0;  ///< its largest component
    std::int64_t iterations = 0, evaluations = 0;
    lbfgs_end end = lbfgs_end::converged;
};

namespace detail {

[[nodiscard]] inline double dot_of(std::span<double const> a, std::span<double const> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// The last steps and gradient changes; turns a gradient into a direction by the two-loop recursion.
class curvature_pairs {
  public:
    curvature_pairs(std::size_t dimension, std::size_t kept)
        : n_{dimension}, kept_{std::max<std::size_t>(kept, 1)}, s_(n_ * kept_), y_(n_ * kept_), rho_(kept_), a_(kept_) {
    }

    void clear() { count_ = 0; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// Pairs whose product is not above 0 would spoil the direction and are left out.
    void add(std::span<double const> step, std::span<double const> change) {
        double const sy = dot_of(step, change), yy = dot_of(change, change);
        if (!(sy > 1e-16 * yy)) return;
        std::size_t const slot = newest_ = count_ == 0 ? 0 : (newest_ + 1) % kept_;
        std::ranges::copy(step, s_.begin() + static_cast<std::ptrdiff_t>(slot * n_));
        std::ranges::copy(change, y_.begin() + static_cast<std::ptrdiff_t>(slot * n_));
        rho_[slot] = 1 / sy, scale_ = sy / yy;
        count_ = std::min(count_ + 1, kept_);
    }
    void direction(std::span<double const> gradient, std::span<double> out) {
        for (std::size_t i = 0; i < n_; ++i) out[i] = -gradient[i];
        for (std::size_t k = 0; k < count_; ++k) {
            std::size_t const slot = (newest_ + kept_ - k) % kept_;
            a_[slot] = rho_[slot] * dot_of(row(s_, slot), out);
            for (std::size_t i = 0; i < n_; ++i) out[i] -= a_[slot] * y_[slot * n_ + i];
        }
        for (std::size_t i = 0; i < n_ && count_ > 0; ++i) out[i] *= scale_;
        for (std::size_t k = count_; k-- > 0;) {
            std::size_t const slot = (newest_ + kept_ - k) % kept_;
            double const b = rho_[slot] * dot_of(row(y_, slot), out);
            for (std::size_t i = 0; i < n_; ++i) out[i] += (a_[slot] - b) * s_[slot * n_ + i];
        }
    }

  private:
    [[nodiscard]] std::span<double const> row(std::vector<double> const& of, std::size_t slot) const {
        return std::span{of}.subspan(slot * n_, n_);
    }
    std::size_t n_, kept_, count_ = 0, newest_ = 0;
    std::vector<double> s_, y_, rho_, a_;
    double scale_ = 1;
};

}  // namespace detail

/// Minimises `f(x, gradient) -> value`, which writes the gradient, from `start` (Liu and Nocedal 1989), with steps that meet
/// the weak Wolfe conditions, found by bisection. Values and gradients that are not finite are steps that went too far.
template <class F>
[[nodiscard]] lbfgs_result lbfgs(F&& f, std::span<double const> start, lbfgs_options const& options = {}) {
    std::size_t const n = start.size();
    lbfgs_result out{.x = {start.begin(), start.end()}};
    std::vector<double> gradient(n), direction(n), x(n), g(n), change(n);
    auto const largest = [](std::span<double const> v) {
        double most = 0;
        for (double const c : v) most = std::max(most, std::abs(c));
        return most;
    };
    out.value = f(std::span<double const>{out.x}, std::span<double>{gradient});
    out.evaluations = 1;
    detail::curvature_pairs pairs{n, options.history};
    for (;; ++out.iterations) {
        out.gradient = largest(gradient);
        if (out.gradient <= options.gradient_tolerance) return out.end = lbfgs_end::converged, out;
        if (out.iterations >= options.max_iterations) return out.end = lbfgs_end::exhausted, out;
        pairs.direction(gradient, direction);
        double slope = detail::dot_of(gradient, direction);
        if (!(slope < 0)) {
            pairs.clear();
            pairs.direction(gradient, direction);
            slope = detail::dot_of(gradient, direction);
        }
        double low = 0, high = std::numeric_limits<double>::infinity();
        double step = pairs.empty() ? std::min(1.0, 1 / std::sqrt(-slope)) : 1, value = 0;
        bool found = false;
        for (int tries = 0; tries < 60 && !found; ++tries) {
            for (std::size_t i = 0; i < n; ++i) x[i] = out.x[i] + step * direction[i];
            value = f(std::span<double const>{x}, std::span<double>{g});
            ++out.evaluations;
            double const slope_there = detail::dot_of(g, direction);
            if (!(value <= out.value + 1e-4 * step * slope) || !std::isfinite(slope_there)) high = step;
            else if (slope_there < 0.9 * slope) low = step;
            else found = true;
            if (!found) step = std::isfinite(high) ? (low + high) / 2 : 2 * step;
        }
        if (!found && !(low > 0 && value < out.value)) {
            if (pairs.empty()) return out.end = lbfgs_end::stalled, out;
            pairs.clear();  // once more, straight down
            continue;
        }
        for (std::size_t i = 0; i < n; ++i) change[i] = g[i] - gradient[i], direction[i] *= step;
        pairs.add(direction, change);
        out.x = x, out.value = value, gradient = g;
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
