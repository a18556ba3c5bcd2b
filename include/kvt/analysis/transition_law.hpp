// transition_law: how the budget at which answers are lost moves with context length and model size.
#pragma once

#include <kvt/analysis/critical_budget.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// A coefficient with its interval over prompts, and its range when each model is left out in turn: prompts are many and
/// models few, so the second is what a claim about size stands on. Null where the data cannot say.
struct law_term {
    std::optional<double> value{}, low{}, high{};
    std::optional<double> without_low{}, without_high{};
};
KVT_RECORD(law_term, value, low, high, without_low, without_high);

/// Why there is a law, or none.
enum class law_verdict : std::uint8_t {
    fitted,
    no_answers,   ///< no prompt was answered with the full cache
    never_lost,   ///< every answer survived every budget
    always_lost,  ///< none survived any budget below 1
    not_falling,  ///< a larger budget does not keep more answers
};
KVT_CHOICE(law_verdict, "fitted", "no_answers", "never_lost", "always_lost", "not_falling");

/// b*(L, N) = b0 (L / L0)^length_exponent (N / N0)^size_exponent: the share of the cache at which half of the answers that
/// the full cache gives are lost. A length exponent of 0 is a fixed share of the context, -1 a fixed number of entries.
struct transition_law {
    law_verdict verdict = law_verdict::no_answers;
    std::int64_t prompts = 0, answers = 0;  ///< different prompts; answers asked for at budgets below 1
    law_term budget{};                      ///< b0, at the reference length and size
    law_term length_exponent{}, size_exponent{};
    law_term sharpness{};            ///< how the log-odds of an answer grow with a doubling of the budget
    std::optional<double> misfit{};  ///< the typical factor between a cell's own critical budget and the law's
    bool beyond_budgets = false;     ///< b0 lies outside the budgets that were asked for
    std::vector<critical_budget> cells{};
};
KVT_RECORD(transition_law, verdict, prompts, answers, budget, length_exponent, size_exponent, sharpness, misfit,
           beyond_budgets, cells);

/// Fits the law by logistic regression of "the answer survived" on log2 of share, length and size, all prompts at once: a
/// cell that lost nothing, or everything, still says on which side it lies. Intervals draw whole prompts, with all their
/// budgets and models. A factor that does not vary gets no exponent.
struct length_size_law {
    static constexpr std::string_view name = "length_size_law";
    double reference_tokens = 512;      ///< L0
    double reference_parameters = 1e6;  ///< N0
    std::int64_t resamples = 1000;
    double alpha = 0.05;
    std::int64_t seed = 1337;
    double ridge = 1e-3;  ///< on the slopes, so that separable answers have a fit

    /// Throws `error{usage}` where a parameter, share, length or size is out of range.
    [[nodiscard]] transition_law operator()(std::span<retention const> answers, std::string_view label = name) const;

    /// The law's critical budget at that length and size; null where there is no law.
    [[nodiscard]] std::optional<double> at(transition_law const& law, double tokens, double parameters) const;
};
KVT_RECORD(length_size_law, reference_tokens, reference_parameters, resamples, alpha, seed, ridge);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/transition_law.ipp>
#endif
