// Definitions of model/attention_change.hpp.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/attention_change.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::model {

namespace detail {

/// In four partial sums, always the same ones.
KVT_DECL double wide_dot(double const* a, float const* b, std::size_t n) {
    double sums[4]{};
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
    for (; i < n; ++i) sums[0] += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

KVT_DECL void add_lists(std::vector<double>& to, std::vector<double> const& from) {
    if (to.size() < from.size()) to.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

KVT_DECL double squares_of(std::span<double const> values) {
    double out = 0;
    for (double const v : values) out += v * v;
    return out;
}

}  // namespace detail

KVT_DECL attention_change& attention_change::operator+=(attention_change const& other) {
    queries += other.queries, output_squares += other.output_squares, error_squares += other.error_squares;
    detail::add_lists(group_squares, other.group_squares);
    detail::add_lists(group_mass, other.group_mass);
    detail::add_lists(group_bound, other.group_bound);
    detail::add_lists(group_exposure, other.group_exposure);
    probability_change += other.probability_change;
    logit_change += other.logit_change, logit_bound += other.logit_bound;
    bounds_checked += other.bounds_checked, broken += other.broken;
    return *this;
}

KVT_DECL double attention_change::relative_error() const {
    return output_squares > 0 ? std::sqrt(error_squares / output_squares) : 0;
}

KVT_DECL std::vector<double> attention_change::group_errors() const {
    std::vector<double> out;
    for (double const s : group_squares) out.push_back(output_squares > 0 ? std::sqrt(s / output_squares) : 0);
    return out;
}

KVT_DECL attention_probe::attention_probe(std::span<float const> queries, std::size_t dim, std::size_t context,
                                          std::span<float const> keys, std::span<float const> values)
    : dim_{dim}, context_{context}, rows_{dim == 0 ? 0 : queries.size() / dim}, slots_{context + rows_},
      keys_{keys.begin(), keys.end()}, values_{values.begin(), values.end()} {
    if (dim == 0 || queries.size() % dim != 0 || keys.size() != slots_ * dim || values.size() != slots_ * dim)
        throw error{error_kind::usage, "attention_probe", "queries, keys and values do not fit together"};
    double const scale = 1 / std::sqrt(static_cast<double>(dim));
    for (float const q : queries) queries_.push_back(scale * q);
    weights_.resize(rows_ * slots_), totals_.resize(rows_), outputs_.resize(rows_ * dim);
    for (std::size_t r = 0; r < rows_; ++r) {
        double* const w = weights_.data() + r * slots_;
        double* const out = outputs_.data() + r * dim;
        std::size_t const visible = context + r + 1;
        for (std::size_t j = 0; j < visible; ++j)
            w[j] = detail::wide_dot(queries_.data() + r * dim, &keys_[j * dim], dim);
        double const most = *std::max_element(w, w + visible);
        for (std::size_t j = 0; j < visible; ++j) {
            w[j] = std::exp(w[j] - most), totals_[r] += w[j];
            for (std::size_t d = 0; d < dim; ++d) out[d] += w[j] * values_[j * dim + d];
        }
        for (std::size_t d = 0; d < dim; ++d) out[d] /= totals_[r];
    }
}

/// What one query needs room for.
struct attention_probe::row {
    std::vector<float> key_steps;                // changed keys less exact ones
    std::vector<double> weights, moved, bounds;  // changed weights; changes of the numerators by group; bounds by group
    std::vector<double> totals;                  // changes of the denominator by group
};

KVT_DECL void attention_probe::weigh_bound(std::size_t r, attention_variant const& v,
                                           std::vector<double>& bounds) const {
    double const* const q = queries_.data() + r * dim_;
    std::size_t const groups = v.key_errors.size() / dim_, half = dim_ / 2;
    bounds.assign(groups, 0);
    for (std::size_t g = 0; g < groups; ++g)
        for (std::size_t d = 0; d < dim_; ++d) {
            bool const pair = v.when == attention_variant::made::before_rotation;
            double const weight = pair ? std::hypot(q[d], q[d < half ? d + half : d - half]) : std::abs(q[d]);
            bounds[g] += weight * v.key_errors[g * dim_ + d];
        }
}

KVT_DECL void attention_probe::change_of(std::size_t r, attention_variant const& v, row& space,
                                         attention_change& out) const {
    double const* const w = weights_of(r);
    double const total = totals_[r];
    std::span<double const> const exact{outputs_.data() + r * dim_, dim_};
    std::size_t const groups = out.group_squares.size();
    space.moved.assign(groups * dim_, 0), space.totals.assign(groups, 0);
    space.weights.assign(w, w + v.changed);
    if (!v.keys.empty()) weigh_bound(r, v, space.bounds);
    for (std::size_t j = 0; j < v.changed; ++j) {
        std::size_t const g = j / v.group_tokens;
        if (!v.keys.empty()) {
            double const step = detail::wide_dot(queries_.data() + r * dim_, &space.key_steps[j * dim_], dim_);
            space.weights[j] = w[j] * std::exp(step);
            if (!space.bounds.empty()) {
                out.logit_change += std::abs(step), out.logit_bound += space.bounds[g], ++out.bounds_checked;
                out.broken += std::abs(step) > space.bounds[g] * (1 + 1e-5) + 1e-5 ? 1 : 0;
            }
        }
        if (!v.value_errors.empty()) out.group_exposure[g] += w[j] / total * v.value_errors[j];
        out.group_mass[g] += w[j] / total;
        float const* const before = &values_[j * dim_];
        float const* const after = v.values.empty() ? before : &v.values[j * dim_];
        double* const moved = &space.moved[g * dim_];
        double const step = space.weights[j] - w[j];
        space.totals[g] += step;
        if (v.values.empty())
            for (std::size_t d = 0; d < dim_; ++d) moved[d] += step * before[d];
        else
            for (std::size_t d = 0; d < dim_; ++d) moved[d] += space.weights[j] * after[d] - w[j] * before[d];
    }
    if (!v.keys.empty())
        for (std::size_t g = 0; g < space.bounds.size() && g < groups; ++g) out.group_bound[g] += space.bounds[g];
    std::vector<double> all(dim_), one(dim_);
    double all_total = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        double const now = total + space.totals[g];
        for (std::size_t d = 0; d < dim_; ++d) {
            double const moved = space.moved[g * dim_ + d];
            all[d] += moved;
            one[d] = (moved - exact[d] * space.totals[g]) / now;
        }
        out.group_squares[g] += detail::squares_of(one), all_total += space.totals[g];
    }
    double const now = total + all_total;
    for (std::size_t d = 0; d < dim_; ++d) all[d] = (all[d] - exact[d] * all_total) / now;
    out.error_squares += detail::squares_of(all), out.output_squares += detail::squares_of(exact);
    double shift = 0;
    for (std::size_t j = 0; j <= context_ + r; ++j)
        shift += std::abs((j < v.changed ? space.weights[j] : w[j]) / now - w[j] / total);
    out.probability_change += shift / 2, ++out.queries;
}

KVT_DECL attention_change attention_probe::change(attention_variant const& v) const {
    auto const enough = [&](std::span<float const> s) { return s.empty() || s.size() >= v.changed * dim_; };
    std::size_t const groups = v.group_tokens == 0 ? 0 : (v.changed + v.group_tokens - 1) / v.group_tokens;
    if (v.group_tokens == 0 || v.changed > context_ || !enough(v.keys) || !enough(v.values) ||
        (!v.key_errors.empty() && v.key_errors.size() != groups * dim_) ||
        (!v.value_errors.empty() && v.value_errors.size() < v.changed))
        throw error{error_kind::usage, "attention_probe", "the variant does not fit the cache"};
    attention_change out;
    out.group_squares.resize(groups), out.group_mass.resize(groups);
    out.group_bound.resize(v.key_errors.empty() ? 0 : groups);
    out.group_exposure.resize(v.value_errors.empty() ? 0 : groups);
    row space;
    if (!v.keys.empty())
        for (std::size_t i = 0; i < v.changed * dim_; ++i) space.key_steps.push_back(v.keys[i] - keys_[i]);
    for (std::size_t r = 0; r < rows_; ++r) change_of(r, v, space, out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::model
