#pragma once

#include <kvt/analysis/transition_law.hpp>
#include <kvt/core/error.hpp>
#include <kvt/numeric/bootstrap_statistic.hpp>
#include <kvt/numeric/logistic.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::analysis {

namespace detail {

/// The regression behind a law: rows of (1, log2 share, log2 length, log2 size), without factors that do not vary.
class law_rows {
  public:
    struct terms {
        double log_budget = std::numeric_limits<double>::quiet_NaN(), length = 0, size = 0, sharpness = 0;
    };

    law_rows(length_size_law const& how, std::span<retention const> answers) : how_{how} {
        for (auto const& a : answers)
            if (a.budget < 1) used_.push_back(a);
        std::ranges::stable_sort(used_, {}, &retention::prompt);
        for (auto const& a : used_) {
            auto const varies = [&](double retention::*what) { return a.*what != used_.front().*what; };
            by_length_ = by_length_ || varies(&retention::tokens);
            by_size_ = by_size_ || varies(&retention::parameters);
        }
        for (auto const& a : used_) {
            rows_.push_back(1), rows_.push_back(std::log2(a.share));
            if (by_length_) rows_.push_back(std::log2(a.tokens / how.reference_tokens));
            if (by_size_) rows_.push_back(std::log2(a.parameters / how.reference_parameters));
            survived_.push_back(a.survived ? 1 : 0);
            if (prompt_.empty() || a.prompt != last_) ++prompts_, last_ = a.prompt;
            prompt_.push_back(prompts_ - 1);
        }
    }

    [[nodiscard]] std::span<retention const> used() const { return used_; }
    [[nodiscard]] std::uint32_t prompts() const { return prompts_; }
    [[nodiscard]] bool by_length() const { return by_length_; }
    [[nodiscard]] bool by_size() const { return by_size_; }

    /// The law of the prompts drawn; a budget that is no number where more cache does not keep more answers.
    [[nodiscard]] terms of(std::span<std::uint32_t const> drawn) const {
        std::vector<double> count(prompts_), weights(used_.size());
        for (auto const p : drawn) count[p] += 1;
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = count[prompt_[i]];
        auto const fit = numeric::ridge_logistic(rows_, columns(), survived_, how_.ridge, weights);
        terms out{.sharpness = fit.beta[1]};
        if (!(out.sharpness > 1e-6)) return out;
        std::size_t next = 2;
        auto const exponent = [&](bool there) { return there ? -fit.beta[next++] / out.sharpness : 0.0; };
        out.log_budget = -fit.beta[0] / out.sharpness;
        out.length = exponent(by_length_), out.size = exponent(by_size_);
        return out;
    }

  private:
    [[nodiscard]] std::size_t columns() const { return 2 + (by_length_ ? 1 : 0) + (by_size_ ? 1 : 0); }

    length_size_law how_;
    std::vector<retention> used_{};
    std::vector<double> rows_{}, survived_{};
    std::vector<std::uint32_t> prompt_{};  ///< of each row
    std::uint32_t prompts_ = 0;
    std::int64_t last_ = 0;
    bool by_length_ = false, by_size_ = false;
};

inline std::vector<std::uint32_t> each_once(std::uint32_t n) {
    std::vector<std::uint32_t> out(n);
    for (std::uint32_t i = 0; i < n; ++i) out[i] = i;
    return out;
}

/// Fills the intervals of the law's terms from resampled prompts.
inline void draw_intervals(transition_law& law, law_rows const& rows, length_size_law const& how,
                           std::string_view label) {
    numeric::statistic_bootstrap const by{how.resamples, how.alpha, how.seed};
    auto const drawn = by.replicate_rows(
        rows.prompts(), 4,
        [&](auto prompts, std::span<double> row) {
            auto const t = rows.of(prompts);
            row[0] = std::exp2(t.log_budget), row[1] = t.length, row[2] = t.size, row[3] = t.sharpness;
            if (std::isnan(row[0])) row[1] = row[2] = row[0];
        },
        label);
    law_term* const terms[]{&law.budget, &law.length_exponent, &law.size_exponent, &law.sharpness};
    for (std::size_t t = 0; t < 4; ++t) {
        if (!terms[t]->value) continue;
        std::vector<double> values;
        for (std::size_t i = t; i < drawn.size(); i += 4) values.push_back(drawn[i]);
        auto const found = by.summary(*terms[t]->value, values, {});
        terms[t]->low = found.low, terms[t]->high = found.high;
    }
}

/// The range of each term when a model is left out in turn; of fewer than three models none.
inline void leave_models_out(transition_law& law, std::span<retention const> used, length_size_law const& how) {
    std::vector<double> sizes;
    for (auto const& a : used) sizes.push_back(a.parameters);
    std::ranges::sort(sizes);
    sizes.erase(std::ranges::unique(sizes).begin(), sizes.end());
    if (sizes.size() < 3) return;
    auto const widen = [](law_term& term, double value) {
        if (!term.value || std::isnan(value)) return;
        term.without_low = std::min(term.without_low.value_or(value), value);
        term.without_high = std::max(term.without_high.value_or(value), value);
    };
    for (double const size : sizes) {
        std::vector<retention> rest(used.begin(), used.end());
        std::erase_if(rest, [&](retention const& a) { return a.parameters == size; });
        law_rows const rows{how, rest};
        auto const t = rows.of(each_once(rows.prompts()));
        if (std::isnan(t.log_budget)) continue;
        widen(law.budget, std::exp2(t.log_budget)), widen(law.length_exponent, t.length);
        widen(law.size_exponent, t.size), widen(law.sharpness, t.sharpness);
    }
}

/// The root mean square of log2(cell / law), as a factor; null where no cell has a critical budget of its own.
inline std::optional<double> misfit_of(transition_law const& law, length_size_law const& how) {
    double squares = 0, cells = 0;
    for (auto const& c : law.cells) {
        if (!c.share) continue;
        double const off = std::log2(*c.share / *how.at(law, c.tokens, c.parameters));
        squares += off * off, ++cells;
    }
    return cells > 0 ? std::optional{std::exp2(std::sqrt(squares / cells))} : std::nullopt;
}

inline void check_law(length_size_law const& how) {
    auto const require = [](bool holds, char const* name, char const* expected) {
        if (!holds) throw error{error_kind::usage, std::string{"length_size_law."} + name, "out of range", expected};
    };
    require(how.reference_tokens >= 1 && std::isfinite(how.reference_tokens), "reference_tokens", "1 and more");
    require(how.reference_parameters >= 1 && std::isfinite(how.reference_parameters), "reference_parameters",
            "1 and more");
    require(how.ridge > 0 && how.ridge <= 1, "ridge", "above 0, up to 1");
}

}  // namespace detail

KVT_DECL std::optional<double> length_size_law::at(transition_law const& law, double tokens, double parameters) const {
    if (!law.budget.value) return std::nullopt;
    return *law.budget.value * std::pow(tokens / reference_tokens, law.length_exponent.value.value_or(0)) *
           std::pow(parameters / reference_parameters, law.size_exponent.value.value_or(0));
}

KVT_DECL transition_law length_size_law::operator()(std::span<retention const> answers, std::string_view label) const {
    detail::check_law(*this);
    transition_law out;
    out.cells = critical_budgets(answers, label, {resamples, alpha, seed});
    detail::law_rows const rows{*this, answers};
    auto const used = rows.used();
    out.prompts = rows.prompts(), out.answers = static_cast<std::int64_t>(used.size());
    if (used.empty()) return out;
    auto const survived = std::ranges::count_if(used, &retention::survived);
    if (survived == out.answers) return out.verdict = law_verdict::never_lost, out;
    if (survived == 0) return out.verdict = law_verdict::always_lost, out;
    auto const found = rows.of(detail::each_once(rows.prompts()));
    out.sharpness.value = found.sharpness;
    if (std::isnan(found.log_budget)) return out.verdict = law_verdict::not_falling, out;

    out.verdict = law_verdict::fitted;
    out.budget.value = std::exp2(found.log_budget);
    if (rows.by_length()) out.length_exponent.value = found.length;
    if (rows.by_size()) out.size_exponent.value = found.size;
    detail::draw_intervals(out, rows, *this, label);
    detail::leave_models_out(out, used, *this);
    out.misfit = detail::misfit_of(out, *this);
    double const least = std::ranges::min_element(used, {}, &retention::share)->share;
    out.beyond_budgets = *out.budget.value < least || *out.budget.value > 1;
    return out;
}

}  // namespace kvt::inline KVT_ABI::analysis
