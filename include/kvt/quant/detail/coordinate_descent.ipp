// Definitions of quant/coordinate_descent.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/loss.hpp>
#include <kvt/quant/transition.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline double unevenness_between(value_range a, value_range b) {
    double const ratio = std::log(b.width() / a.width());
    double const shift = (b.lo - a.lo) / std::max(a.width(), b.width());
    return ratio * ratio + shift * shift;
}

/// The ranges tried around one: middles and widths moved, `candidates` of them.
inline constexpr std::array<double, 9> width_steps{0.7, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.25};
inline constexpr std::array<double, 5> middle_steps{-0.1, -0.02, 0, 0.02, 0.1};
using candidate_list = std::array<value_range, width_steps.size() * middle_steps.size()>;

inline candidate_list candidates_around(value_range r) {
    double const middle = r.lo + r.width() / 2, half = r.width() / 2;
    candidate_list out;
    auto next = out.begin();
    for (double const k : width_steps)
        for (double const d : middle_steps) *next++ = {middle + d * half - k * half, middle + d * half + k * half};
    return out;
}

/// What every group costs, and the objective of all of them.
class descent {
  public:
    descent(grouped_values const& tensor, std::span<value_range const> start, coordinate_descent const& p)
        : tensor_{tensor}, rule_{p}, judge_{tensor, {p.evaluate, p.bins, p.sample}},
          betas_{p.schedule.betas(std::ssize(start))}, ranges_{start.begin(), start.end()} {
        for (std::size_t g = 0; g < ranges_.size(); ++g) {
            originals_.push_back(judge_.original(g));
            errors_.push_back(judge_.errors(g, {&ranges_[g], 1}).front());
        }
        unit_ = error_of_all(errors_);
    }

    /// D: the mean squared error over all values.
    [[nodiscard]] double error_of_all(std::vector<group_error> const& errors) const {
        double sum = 0;
        for (std::size_t g = 0; g < errors.size(); ++g) sum += share(g) * errors[g].mse();
        return sum;
    }
    /// K: the mean divergence of the groups' Gaussians.
    [[nodiscard]] double markov(std::vector<group_error> const& errors) const {
        double sum = 0;
        for (std::size_t g = 0; g < errors.size(); ++g) sum += divergence_of(g, errors[g]);
        return sum / static_cast<double>(errors.size());
    }
    [[nodiscard]] double objective(std::vector<group_error> const& errors, std::span<value_range const> ranges,
                                   double unit) const {
        return error_of_all(errors) / unit + rule_.lambda * range_unevenness(ranges) +
               (rule_.markov_weight > 0 ? rule_.markov_weight * markov(errors) : 0);
    }
    [[nodiscard]] double objective() const { return objective(errors_, ranges_, unit_); }
    /// Of all values, whatever the rule judges by: what the start does, and what the ranges found do.
    [[nodiscard]] std::pair<std::vector<group_error>, std::vector<group_error>> exact(
        std::span<value_range const> start) const {
        std::pair<std::vector<group_error>, std::vector<group_error>> out;
        for (std::size_t g = 0; g < start.size(); ++g) {
            auto const both = judge_.exact(g, std::array{start[g], ranges_[g]});
            out.first.push_back(both[0]);
            out.second.push_back(both[1]);
        }
        return out;
    }

    /// Gives every group in turn the best candidate that lowers the objective; how many groups moved.
    std::size_t sweep() {
        std::size_t moves = 0;
        for (std::size_t g = 0; g < ranges_.size(); ++g) {
            auto const tried = candidates_around(ranges_[g]);
            auto const errors = judge_.errors(g, tried);
            double const now = cost(g, ranges_[g], errors_[g]);
            double best = 1e-12;
            std::size_t taken = tried.size();
            for (std::size_t c = 0; c < tried.size(); ++c)
                if (double const gain = now - cost(g, tried[c], errors[c]); gain > best) best = gain, taken = c;
            if (taken == tried.size()) continue;
            ranges_[g] = tried[taken];
            errors_[g] = errors[taken];
            ++moves;
        }
        return moves;
    }

    [[nodiscard]] std::vector<value_range> const& ranges() const { return ranges_; }
    [[nodiscard]] std::vector<group_error> const& errors() const { return errors_; }
    [[nodiscard]] double unit() const { return unit_; }

  private:
    [[nodiscard]] double share(std::size_t g) const {
        return static_cast<double>(tensor_.group(g).size()) / static_cast<double>(tensor_.values.size());
    }
    [[nodiscard]] double divergence_of(std::size_t g, group_error const& e) const {
        return divergence(transition(originals_[g], betas_[g]), transition({e.mean, std::sqrt(e.variance)}, betas_[g]));
    }
    /// The part of the objective that one group's range changes.
    [[nodiscard]] double cost(std::size_t g, value_range r, group_error const& e) const {
        double out = share(g) * e.mse() / unit_;
        double steps = 0;
        if (g > 0) steps += unevenness_between(ranges_[g - 1], r);
        if (g + 1 < ranges_.size()) steps += unevenness_between(r, ranges_[g + 1]);
        if (ranges_.size() > 1) out += rule_.lambda * steps / static_cast<double>(ranges_.size() - 1);
        if (rule_.markov_weight > 0)
            out += rule_.markov_weight * divergence_of(g, e) / static_cast<double>(ranges_.size());
        return out;
    }

    grouped_values const& tensor_;
    coordinate_descent const& rule_;
    group_evaluator judge_;
    std::vector<double> betas_;
    std::vector<value_range> ranges_;
    std::vector<gaussian> originals_{};
    std::vector<group_error> errors_{};
    double unit_ = 0;
};

inline std::vector<double> mse_of(std::vector<group_error> const& errors) {
    std::vector<double> out;
    for (auto const& e : errors) out.push_back(e.mse());
    return out;
}

/// Takes the ranges that the descent ended with, unless all values, where they are asked, say that the start is better.
inline void accept(descent const& found, std::vector<group_error> const& judged_at_start, refined& out,
                   coordinate_descent const& rule, std::int32_t bits) {
    auto const [before, after] =
        rule.evaluate == evaluation::histogram ? found.exact(out.ranges) : std::pair{judged_at_start, found.errors()};
    out.mse_before = out.mse_after = mse_of(before);
    out.markov_before = out.markov_after = found.markov(before);
    double const unit = found.error_of_all(before);
    if (!(unit > 0) || found.objective(after, found.ranges(), unit) > found.objective(before, out.ranges, unit)) {
        out.note = "the values themselves say that the start is better than what their histograms led to";
        return;
    }
    settle(out, found.ranges(), bits);
    out.mse_after = mse_of(after);
    out.markov_after = found.markov(after);
    if (!out.changed) out.note = "no candidate lowers the objective";
}

}  // namespace detail

KVT_DECL double range_unevenness(std::span<value_range const> ranges) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < ranges.size(); ++i) sum += detail::unevenness_between(ranges[i], ranges[i + 1]);
    return ranges.size() < 2 ? 0 : sum / static_cast<double>(ranges.size() - 1);
}

KVT_DECL void coordinate_descent::check() const {
    for (double const w : {lambda, markov_weight})
        if (!(w >= 0) || !std::isfinite(w))
            throw quant_error{fault::invalid_weight, "weight of the objective", shortest(w),
                              "a finite number, 0 or more"};
    if (max_sweeps < 1)
        throw quant_error{fault::invalid_max_iterations, "sweeps", std::to_string(max_sweeps), "1 or more"};
    schedule.check();
    evaluation_options{evaluate, bins, sample}.check();
}

KVT_DECL refined coordinate_descent::operator()(grouped_values const& tensor,
                                                std::span<value_range const> start) const {
    check();
    auto out = start_from(tensor, start);
    if (std::ranges::any_of(start, [](value_range r) { return r.degenerate(); })) {
        out.note = "a group has one value: it has no width to change";
        return out;
    }
    detail::descent search{tensor, start, *this};
    auto const at_start = search.errors();
    if (!(search.unit() > 0)) {
        out.note = "the reconstruction has no error to lower";
        out.mse_before = out.mse_after = detail::mse_of(at_start);
        out.markov_before = out.markov_after = search.markov(at_start);
        return out;
    }
    out.objective.push_back(search.objective());
    for (std::size_t moves = 1; moves > 0 && out.sweeps < max_sweeps; ++out.sweeps) {
        moves = search.sweep();
        out.objective.push_back(search.objective());
    }
    detail::accept(search, at_start, out, *this, tensor.bits);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
