#pragma once

#include <kvt/analysis/critical_budget.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/bootstrap_statistic.hpp>
#include <kvt/numeric/isotonic.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::analysis {

namespace detail {

inline void check_retention(retention const& r) {
    auto const in = [](double v) { return v > 0 && v <= 1; };
    if (in(r.budget) && in(r.share) && r.tokens >= 1 && r.parameters >= 1 && std::isfinite(r.tokens + r.parameters))
        return;
    throw error{error_kind::usage, "prompt " + std::to_string(r.prompt),
                "budget, share, length or model size out of range", "shares in (0, 1], sizes of 1 and more"};
}

/// One model at one length: for each prompt its answers, budget by budget.
struct retention_cell {
    struct rung {
        double budget = 1, log_share = 0;
        std::vector<double> survived{};  ///< by prompt
        std::vector<double> asked{};     ///< 1 where the prompt was asked at this budget
    };
    std::vector<rung> rungs{};  ///< budgets ascending

    [[nodiscard]] double smallest() const { return rungs.front().log_share; }

    /// log2 of the critical share for these prompts; -infinity where the smallest budget keeps half of the answers. The full
    /// cache, which loses none of them, stands behind the last rung.
    [[nodiscard]] double crossing(std::span<std::uint32_t const> prompts) const {
        std::vector<double> at, kept, weight;
        for (auto const& r : rungs) {
            double right = 0, asked = 0;
            for (auto const p : prompts) right += r.survived[p], asked += r.asked[p];
            if (asked > 0) at.push_back(r.log_share), kept.push_back(right / asked), weight.push_back(asked);
        }
        at.push_back(0), kept.push_back(1), weight.push_back(static_cast<double>(prompts.size()));
        auto const rising = numeric::isotonic_fit(kept, weight);
        std::size_t above = 0;
        while (rising[above] < 0.5) ++above;
        if (above == 0) return -HUGE_VAL;
        double const part = (0.5 - rising[above - 1]) / (rising[above] - rising[above - 1]);
        return at[above - 1] + part * (at[above] - at[above - 1]);
    }
};

/// The cell's answers side by side; `ids` becomes its prompts.
inline retention_cell cell_of(std::span<retention const> answers, std::vector<std::int64_t>& ids) {
    for (auto const& a : answers) ids.push_back(a.prompt);
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    std::map<double, std::pair<retention_cell::rung, double>> by_budget;
    for (auto const& a : answers) {
        if (a.budget >= 1) continue;
        auto& [rung, shares] = by_budget[a.budget];
        rung.budget = a.budget, shares += a.share;
        rung.survived.resize(ids.size()), rung.asked.resize(ids.size());
        auto const at = static_cast<std::size_t>(std::ranges::lower_bound(ids, a.prompt) - ids.begin());
        rung.survived[at] = a.survived ? 1 : 0, rung.asked[at] = 1;
    }
    retention_cell out;
    for (auto& [budget, found] : by_budget) {
        auto& [rung, shares] = found;
        double asked = 0;
        for (double const one : rung.asked) asked += one;
        rung.log_share = std::log2(shares / asked);
        out.rungs.push_back(std::move(rung));
    }
    return out;
}

inline critical_budget critical_budget_of(std::span<retention const> answers, std::string_view label,
                                          critical_budget_options const& how) {
    std::vector<std::int64_t> ids;
    auto const cell = cell_of(answers, ids);
    critical_budget out{.parameters = answers.front().parameters, .bin = answers.front().bin};
    out.prompts = static_cast<std::int64_t>(ids.size());
    std::map<std::int64_t, double> lengths;
    for (auto const& a : answers) lengths[a.prompt] = a.tokens;
    double total = 0;
    for (auto const& [prompt, tokens] : lengths) total += tokens;
    out.tokens = total / static_cast<double>(lengths.size());
    if (cell.rungs.empty()) return out;

    auto const floor = [&](double log_share) { return std::max(log_share, cell.smallest()); };
    auto const found = numeric::statistic_bootstrap{how.resamples, how.alpha, how.seed}.of(
        static_cast<std::uint32_t>(ids.size()), [&](auto prompts) { return floor(cell.crossing(prompts)); },
        std::string{label} + "|" + std::to_string(std::llround(out.parameters)) + "|" + std::to_string(out.bin));
    std::vector<std::uint32_t> all(ids.size());
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    if (cell.crossing(all) >= cell.smallest()) out.share = std::exp2(found->estimate);
    else out.at_most = std::exp2(cell.smallest());
    if (found->low) out.low = std::exp2(*found->low), out.high = std::exp2(*found->high);
    if (out.share) out.entries = *out.share * out.tokens;
    return out;
}

}  // namespace detail

KVT_DECL std::vector<critical_budget> critical_budgets(std::span<retention const> answers, std::string_view label,
                                                       critical_budget_options const& how) {
    std::map<std::pair<double, std::int64_t>, std::vector<retention>> cells;
    for (auto const& a : answers) {
        detail::check_retention(a);
        cells[{a.parameters, a.bin}].push_back(a);
    }
    std::vector<critical_budget> out;
    for (auto const& [key, of_cell] : cells) out.push_back(detail::critical_budget_of(of_cell, label, how));
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
