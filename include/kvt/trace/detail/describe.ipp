// Definitions of trace/describe.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/trace/describe.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

inline std::string description(std::string_view name, coefficients const& b, json const& diagnostics,
                               identifiability const& told) {
    std::string out = "Estimated betas (" + std::string{name} + "):\n";
    out += "  beta0 (sec/step):  " + fixed(b.beta0, 6) + "\n";
    out += "  beta1 (sec/token): " + fixed(b.beta1, 6) + "\n";
    out += "  beta2 (sec/token): " + fixed(b.beta2, 6) + "\n\nDiagnostics:\n";
    for (auto const& [key, value] : diagnostics.members()) {
        auto const text = value.is_number() ? shortest(value.real()) : value.is_null() ? "nan" : dump(value);
        out += "  " + key + ": " + text + "\n";
    }
    if (!told.cannot_tell.empty()) {
        out += "\nThe trace cannot tell:";
        for (auto const& c : told.cannot_tell) out += " " + c;
        out += " (rank " + std::to_string(told.rank) + " of 3)\n";
    }
    return out;
}

/// The largest relative move of a coefficient in the last iteration.
inline double last_move(iterative_estimate const& found) {
    auto const& history = found.history.beta;
    double most = 0;
    if (history.size() < 2) return most;
    auto const &before = history[history.size() - 2], &after = history.back();
    for (std::size_t c = 0; c < after.size(); ++c)
        if (after[c] != before[c]) most = std::max(most, std::abs(after[c] - before[c]) / std::max(after[c], before[c]));
    return most;
}

}  // namespace detail

KVT_DECL std::string describe(baseline_estimate const& found) {
    return detail::description("baseline", found.beta, to_json(found.diagnostics), found.told);
}
KVT_DECL std::string describe(iterative_estimate const& found) {
    return detail::description("iterative", found.beta, to_json(found.diagnostics), found.told);
}

KVT_DECL advice which_to_trust(baseline_estimate const& simple, iterative_estimate const& reweighted) {
    auto const& told = reweighted.told;
    if (!told.cannot_tell.empty()) {
        std::string names;
        for (auto const& c : told.cannot_tell) names += (names.empty() ? "" : ", ") + c;
        return {trusted::neither, "other values of " + names + " fit the trace as well; it takes prefills and decodes that "
                                  "overlap in different proportions"};
    }
    double const move = detail::last_move(reweighted), before = simple.diagnostics.rmse_seconds,
                 after = reweighted.diagnostics.final_rmse_seconds;
    if (!reweighted.converged && move >= 0.01)
        return {trusted::neither, "the iteration has not settled: its last step moved a coefficient by " +
                                      fixed(100 * move, 1) + " %"};
    auto const errors = "root-mean-square error " + fixed(after, 6) + " s against " + fixed(before, 6) + " s";
    if (after > before)
        return {trusted::neither, "the re-weighted fit explains durations worse than the baseline (" + errors +
                                      "), as where steps are not of constant cost"};
    return {trusted::iterative, "it has settled and explains durations no worse (" + errors +
                                    "); the baseline weighs by the clock, so that long steps count for more than their "
                                    "number, and its r2 does not show that"};
}

}  // namespace kvt::inline KVT_ABI::trace
