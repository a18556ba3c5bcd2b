// Definitions of trace/correction.hpp.
#pragma once

#include <kvt/trace/correction.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL chunk_correction correction_named(std::string_view word, std::string_view option) {
    if (auto const found = choice_of<chunk_correction>(word)) return *found;
    throw trace_error{fault::bad_option, std::string{option} + " \"" + std::string{word} + "\"",
                      "uniform, end, none, end_inside or beta_informed"};
}

KVT_DECL std::vector<double> missing_tokens(exposure const& trace) {
    auto const& rows = trace.rows;
    double const chunk = rows.rule.chunk_size;
    std::vector<double> out(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.kind[i] != phase_kind::prefill) continue;
        double const rest = rows.tokens[i] - chunk * (rows.steps[i] - 1);
        if (std::isnan(rest))
            throw trace_error{fault::non_finite,
                              "prefill tokens of " + rows.lines.text(i) + ", hence the exposures that they correct"};
        out[i] = chunk - std::clamp(rest, 0.0, chunk);
    }
    return out;
}

KVT_DECL std::vector<double> correction_rate(exposure const& trace, chunk_correction how) {
    std::size_t const segments = trace.segments();
    std::vector<double> rate(segments + 1);
    if (how == chunk_correction::none) return rate.pop_back(), rate;
    if (how == chunk_correction::beta_informed)
        throw trace_error{fault::bad_option, "correction beta_informed has no rate before the coefficients are known"};
    auto const missing = missing_tokens(trace);
    for (std::size_t i = 0; i < trace.rows.size(); ++i) {
        if (missing[i] == 0) continue;
        std::size_t const a = trace.first[i], b = trace.last[i];
        if (how == chunk_correction::uniform) {
            double const each = missing[i] / (trace.rows.t_end[i] - trace.rows.t_start[i]);
            rate[a] += each, rate[b] -= each;
        } else {
            std::size_t const q = how == chunk_correction::end ? std::min(b, segments - 1) : b - 1;
            rate[q] += missing[i] / trace.length(q);
        }
    }
    rate.pop_back();
    if (how == chunk_correction::uniform) {
        double sum = 0;
        for (std::size_t j = 0; j < segments; ++j) {
            sum += rate[j];
            if (trace.prefill_pressure[j] == 0) sum = 0;  // nothing is left where no prefill runs, not even rounding
            rate[j] = sum;
        }
    }
    return rate;
}

KVT_DECL std::vector<double> prefill_exposure(exposure const& trace, chunk_correction how) {
    auto out = trace.prefill;
    if (how == chunk_correction::none) return out;
    auto const taken = integral_of(trace, correction_rate(trace, how));
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] -= taken[trace.last[i]] - taken[trace.first[i]];
        if (!std::isfinite(out[i])) throw trace_error{fault::non_finite, "exposure of " + trace.rows.lines.text(i)};
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
