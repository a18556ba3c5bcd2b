// Definitions of quant/finite_difference.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/finite_difference.hpp>
#include <kvt/quant/transition.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The loss as a function of the parameters, all values fixed. A group is coded anew only where its own parameters moved:
/// all else follows from how often each of its four codes occurs.
class published_loss {
  public:
    published_loss(std::span<double const> values, std::size_t groups, finite_difference const& rule)
        : values_{values}, rule_{rule}, betas_{rule.schedule.betas(static_cast<std::int64_t>(groups))},
          original_{transitions(gaussian_of(values), betas_)}, coded_(groups) {
        auto const each = values.size() / groups;
        for (std::size_t g = 0; g < groups; ++g)
            coded_[g].values = values.subspan(g * each, g + 1 < groups ? each : values.size() - g * each);
    }

    [[nodiscard]] double operator()(std::vector<double> const& scale, std::vector<double> const& zero_point) {
        double const all = static_cast<double>(values_.size());
        double squares = 0, mean = 0, variance = 0;
        points_.clear(), counts_.clear();
        for (std::size_t g = 0; g < coded_.size(); ++g) {
            auto const& group = coded_[g].with(scale[g], zero_point[g]);
            squares += group.squares;
            for (int c = 0; c < 4; ++c)
                if (group.counts[c] > 0) points_.push_back(group.point(c)), counts_.push_back(group.counts[c]);
        }
        double loss = squares / all;
        for (std::size_t i = 0; i < points_.size(); ++i) mean += points_[i] * (counts_[i] / all);
        for (std::size_t i = 0; i < points_.size(); ++i)
            variance += (points_[i] - mean) * (points_[i] - mean) * (counts_[i] / all);
        if (rule_.weights.markov != 0)
            loss += rule_.weights.markov * markov_loss(original_, transitions({mean, std::sqrt(variance)}, betas_));
        if (rule_.weights.entropy != 0) loss += rule_.weights.entropy * negative_entropy(points_, counts_);
        return loss;
    }

    /// The clipped central difference by one parameter.
    [[nodiscard]] double slope(std::vector<double>& parameter, std::size_t g, std::vector<double> const& scale,
                               std::vector<double> const& zero_point) {
        constexpr double step = 1e-4;
        double const here = parameter[g];
        parameter[g] = here + step;
        double const above = (*this)(scale, zero_point);
        parameter[g] = here - step;
        double const below = (*this)(scale, zero_point);
        parameter[g] = here;
        return std::clamp((above - below) / (2 * step), -rule_.gradient_clip, rule_.gradient_clip);
    }

  private:
    /// A group, and what the parameters that it was last coded with make of it.
    struct coded_group {
        std::span<double const> values{};
        double scale = 0, zero_point = 0, squares = 0, counts[4] = {};

        [[nodiscard]] double point(int c) const { return (c - 2) * scale + zero_point; }
        coded_group const& with(double s, double z) {
            if (s == scale && z == zero_point) return *this;
            *this = {values, s, z};
            for (double const x : values) {
                double const free = std::round((x - z) / s);  // 0 / 0 where a step takes the scale to 0
                double const code = free >= 1 ? 1 : free > -2 ? free : -2;
                double const off = x - (code * s + z);
                squares += off * off;
                counts[static_cast<int>(code) + 2] += 1;
            }
            return *this;
        }
    };

    std::span<double const> values_;
    finite_difference const& rule_;
    std::vector<double> betas_;
    std::vector<gaussian> original_;
    std::vector<coded_group> coded_;
    std::vector<double> points_{}, counts_{};
};

inline void check_parameters(std::span<double const> values, std::span<double const> scale,
                             std::span<double const> zero_point) {
    if (values.empty() || scale.empty())
        throw quant_error{fault::empty_input, "values and groups",
                          std::to_string(values.size()) + " and " + std::to_string(scale.size()), "1 or more of each"};
    if (scale.size() != zero_point.size())
        throw quant_error{fault::length_mismatch, "scale and zero point",
                          std::to_string(scale.size()) + " and " + std::to_string(zero_point.size()) + " values",
                          "one of each a group"};
    if (values.size() < scale.size())
        throw quant_error{fault::too_few_elements, "values",
                          std::to_string(values.size()) + " for " + std::to_string(scale.size()) + " groups",
                          "one or more a group"};
    auto const refuse = [](fault code, std::string_view what, std::span<double const> list, double above) {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (!std::isfinite(list[i]) || !(list[i] > above))
                throw quant_error{code, std::string{what} + "[" + std::to_string(i) + "]", shortest(list[i]),
                                  above == 0 ? "a finite number above 0" : "a finite number"};
    };
    double const lowest = -std::numeric_limits<double>::infinity();
    refuse(fault::non_finite_input, "value", values, lowest);
    refuse(fault::invalid_scale, "scale", scale, 0);
    refuse(fault::invalid_zero_point, "zero point", zero_point, lowest);
}

}  // namespace detail

KVT_DECL void finite_difference::check() const {
    auto const need = [](bool holds, fault code, std::string field, std::string got, std::string expected) {
        if (!holds) throw quant_error{code, std::move(field), got, std::move(expected)};
    };
    need(learning_rate > 0 && learning_rate <= 1, fault::invalid_learning_rate, "learning rate",
         shortest(learning_rate), "above 0, at most 1");
    need(max_iterations >= 1, fault::invalid_max_iterations, "iterations", std::to_string(max_iterations), "1 or more");
    need(convergence_threshold > 0 && std::isfinite(convergence_threshold), fault::invalid_convergence_threshold,
         "convergence threshold", shortest(convergence_threshold), "a finite number above 0");
    need(gradient_clip > 0, fault::invalid_weight, "gradient clip", shortest(gradient_clip), "above 0");
    weights.check();
    schedule.check();
}

KVT_DECL finite_difference_result finite_difference::operator()(std::span<double const> values,
                                                                std::span<double const> scale,
                                                                std::span<double const> zero_point) const {
    check();
    detail::check_parameters(values, scale, zero_point);
    std::vector<double> s{scale.begin(), scale.end()}, z{zero_point.begin(), zero_point.end()};
    detail::published_loss loss{values, s.size(), *this};
    finite_difference_result out{.scale = s, .zero_point = z, .final_loss = std::numeric_limits<double>::infinity()};
    std::vector<double> scale_slopes(s.size()), zero_slopes(s.size());
    while (out.iterations < max_iterations && !out.converged) {
        double const now = loss(s, z);
        if (now < out.final_loss) out.scale = s, out.zero_point = z, out.final_loss = now;
        out.converged = !out.loss_history.empty() && std::abs(out.loss_history.back() - now) < convergence_threshold;
        out.loss_history.push_back(now);
        ++out.iterations;
        if (out.converged) break;
        for (std::size_t g = 0; g < s.size(); ++g) {
            scale_slopes[g] = loss.slope(s, g, s, z);
            zero_slopes[g] = loss.slope(z, g, s, z);
        }
        for (std::size_t g = 0; g < s.size(); ++g) {
            s[g] = std::max(s[g] - learning_rate * scale_slopes[g], 1e-6);
            z[g] -= learning_rate * zero_slopes[g];
        }
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
