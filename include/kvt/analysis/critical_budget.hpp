// critical_budget: the share of the cache at which half of the answers that the full cache gives are lost.
#pragma once

#include <kvt/core/record.hpp>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// A prompt that a model answers rightly with its full cache, asked again at a smaller budget.
struct retention {
    std::int64_t prompt = 0;  ///< the same number for the same prompt, whichever model was asked
    std::int64_t bin = 0;     ///< of the prompt's length
    double tokens = 1;        ///< the prompt's length
    double parameters = 1;    ///< of the model
    double budget = 1;        ///< asked for, in (0, 1]
    double share = 1;         ///< of the cache that was kept, in (0, 1]: what receipts say, else the budget
    bool survived = false;    ///< the answer is still right
};
KVT_RECORD(retention, prompt, bin, tokens, parameters, budget, share, survived);

/// One model at one length. `share` is where survival, made to grow with the budget (isotonic), crosses one half, between
/// two budgets on the scale of log2; null, with `at_most`, where the smallest budget still keeps half of the answers. An
/// interval that reaches below the budgets ends at the smallest.
struct critical_budget {
    double parameters = 1;
    std::int64_t bin = 0, prompts = 0;
    double tokens = 1;  ///< mean over the prompts
    std::optional<double> share{}, low{}, high{};
    std::optional<double> at_most{};  ///< the share kept at the smallest budget
    std::optional<double> entries{};  ///< share times tokens
};
KVT_RECORD(critical_budget, parameters, bin, prompts, tokens, share, low, high, at_most, entries);

/// How intervals are made: whole prompts are drawn, with all their budgets.
struct critical_budget_options {
    std::int64_t resamples = 1000;
    double alpha = 0.05;
    std::int64_t seed = 1337;
};
KVT_RECORD(critical_budget_options, resamples, alpha, seed);

/// The critical budgets of all models and length bins that occur, by size and then by bin. Streams are
/// `<label>|<parameters>|<bin>`. Throws `error{usage}` where a value is out of range.
[[nodiscard]] std::vector<critical_budget> critical_budgets(std::span<retention const> answers, std::string_view label,
                                                            critical_budget_options const& how = {});

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/critical_budget.ipp>
#endif
