// Definitions of trace/residuals.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/trace/residuals.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

inline std::vector<double> predicted_by(exposure const& trace, coefficients const& b, std::span<double const> prefill,
                                        std::span<double const> decode) {
    std::vector<double> out(trace.rows.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = b.seconds(trace.rows.steps[i], prefill[i], decode[i]);
    return out;
}

}  // namespace detail

KVT_DECL std::vector<double> predicted(exposure const& trace, baseline const& how, baseline_estimate const& found) {
    return detail::predicted_by(trace, found.beta, prefill_exposure(trace, how.correction), trace.decode);
}

KVT_DECL std::vector<double> predicted(exposure const& trace, iterative const& how, iterative_estimate const& found) {
    auto const seen = settled_features(trace, found.beta, how.prefill_correction);
    return detail::predicted_by(trace, found.beta, seen.prefill, seen.decode);
}

KVT_DECL residual_report residuals_of(exposure const& trace, std::vector<double> const& predicted, std::size_t most) {
    auto const& rows = trace.rows;
    residual_report out;
    double const mean = mean_of(rows.duration);
    double all = 0;
    for (double const y : rows.duration) all += (y - mean) * (y - mean);
    for (auto const kind : {phase_kind::prefill, phase_kind::decode}) {
        kind_residuals k{.kind = kind};
        double sum = 0, fitted = 0, squares = 0, own = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows.kind[i] != kind) continue;
            double const y = rows.duration[i], e = predicted[i] - y;
            ++k.phases, sum += y, fitted += predicted[i], squares += e * e, own += y * y;
        }
        if (k.phases == 0) continue;
        double const n = static_cast<double>(k.phases);
        own -= sum * sum / n;
        if (own > 1e-12 * sum * sum / n) k.r2 = 1 - squares / own;
        k.rmse_seconds = std::sqrt(squares / n);
        k.mean_ratio = fitted / sum;
        k.share_of_squares = all > 0 ? own / all : 0;
        out.kinds.push_back(k);
    }
    std::vector<double> by_step(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        by_step[i] = std::abs(predicted[i] - rows.duration[i]) / std::sqrt(std::max(rows.steps[i], 1.0));
    auto sorted = by_step;
    auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    double const unit = 1.4826 * *middle;
    std::vector<std::size_t> worst;  // in order; few, whatever is missed
    auto const worse = [&](std::size_t i, std::size_t j) {
        return by_step[i] > by_step[j] || (by_step[i] == by_step[j] && i < j);
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::abs(predicted[i] - rows.duration[i]) <= 1e-3 * rows.duration[i] || by_step[i] <= out.limit * unit)
            continue;
        ++out.missed;
        if (worst.size() == most && (most == 0 || !worse(i, worst.back()))) continue;
        worst.insert(std::upper_bound(worst.begin(), worst.end(), i, worse), i);
        if (worst.size() > most) worst.pop_back();
    }
    for (std::size_t const i : worst)
        out.worst.push_back({std::string{rows.request_id[i]}, rows.kind[i], rows.t_start[i], rows.duration[i],
                             predicted[i], unit > 0 ? by_step[i] / unit : std::numeric_limits<double>::max()});
    return out;
}

KVT_DECL std::optional<std::string> hidden_by_r2(residual_report const& report, std::optional<double> r2) {
    if (!r2 || *r2 < 0.9) return std::nullopt;
    for (auto const& k : report.kinds) {
        if (std::abs(k.mean_ratio - 1) <= 0.25 && !(k.r2 && *k.r2 < 0)) continue;
        return "only " + fixed(100 * k.share_of_squares, 1) + " % of what r2 " + fixed(*r2, 3) + " measures lies in " +
               std::string{name_of(k.kind)} + " phases; their time is predicted at " + fixed(100 * k.mean_ratio, 0) +
               " % of what was observed" +
               (k.r2 ? ", with r2 " + fixed(*k.r2, 2) + " among themselves" : std::string{});
    }
    return std::nullopt;
}

}  // namespace kvt::inline KVT_ABI::trace
