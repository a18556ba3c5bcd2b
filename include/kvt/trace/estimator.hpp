// estimator: from exposures to the cost of a step. The contract, and what every answer says about its fit.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/numeric/nnls_small.hpp>
#include <kvt/trace/exposure.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// What one step costs: beta0 seconds, beta1 seconds a prefill token, beta2 seconds a decode token; all at least 0.
struct coefficients {
    double beta0 = 0, beta1 = 0, beta2 = 0;

    [[nodiscard]] std::array<double, 3> all() const { return {beta0, beta1, beta2}; }
    /// What so many steps take that meet so many tokens.
    [[nodiscard]] double seconds(double steps, double prefill_tokens, double decode_tokens) const {
        return beta0 * steps + beta1 * prefill_tokens + beta2 * decode_tokens;
    }
    friend bool operator==(coefficients const&, coefficients const&) = default;
};
KVT_RECORD(coefficients, beta0, beta1, beta2);

/// Whether the trace can tell the coefficients apart.
struct identifiability {
    bool identifiable = false;               ///< the columns that are not all zero are independent
    std::int64_t rank = 0;                   ///< of 3
    std::optional<double> condition{};       ///< of the columns scaled to length 1; null below rank 3
    std::vector<std::string> cannot_tell{};  ///< coefficients that another choice fits as well
};
KVT_RECORD(identifiability, identifiable, rank, condition, cannot_tell);

/// A policy that reads exposures and says what a step costs. Its parameters are its public fields. `check` throws
/// `bad_option`; `prompts` says whether it looks at prompt tokens. The answer depends on the order of rows and on
/// where time 0 lies by rounding only.
/// Satisfied by `baseline` and `iterative`.
template <class E> concept estimator = named<E> && record<E> && requires(E const& e, exposure const& trace) {
    { e.check() } -> std::same_as<void>;
    { e.prompts() } -> std::same_as<prompt_use>;
    requires record<std::remove_cvref_t<decltype(e(trace))>>;
    { e(trace).beta } -> std::convertible_to<coefficients>;
    { e(trace).told } -> std::convertible_to<identifiability>;
};

/// The closing stage: one estimator's answer, or a tuple of several on the same exposures.
template <class... Estimators> class estimate {
    static_assert(sizeof...(Estimators) > 0, "kvt: estimate{} needs an estimator, for instance trace::baseline{}");
    static_assert((estimator<Estimators> && ...),
                  "kvt: not an estimator: it needs a name, KVT_RECORD, check(), prompts() "
                  "and a call that makes a record with beta and told of an exposure");

  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "estimate";

    explicit estimate(Estimators... estimators) : estimators_{std::move(estimators)...} {}
    [[nodiscard]] auto operator()(run_context&, exposure const& trace) const {
        if constexpr (sizeof...(Estimators) == 1) return std::get<0>(estimators_)(trace);
        else return std::apply([&](auto const&... each) { return std::tuple{each(trace)...}; }, estimators_);
    }

  private:
    std::tuple<Estimators...> estimators_;
};

/// One non-negative least-squares fit of durations by steps, prefill and decode exposure.
struct step_fit {
    coefficients beta{};
    std::optional<double> r2{};  ///< 1 - residual over centred squares; null where all durations are equal
    double rmse_seconds = 0;
    identifiability told{};
};

/// Minimises Σ (b0 steps + b1 prefill + b2 decode - duration)² over b >= 0, all rows alike. The spans are as long as the
/// trace. Where several coefficients fit equally well, `numeric::solve_small_nnls` says which are meant.
[[nodiscard]] step_fit fit_steps(phases const& rows, std::span<double const> prefill, std::span<double const> decode);

/// The mean from left to right of values that are there.
[[nodiscard]] double mean_of(std::span<double const> values);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/estimator.ipp>
#endif
