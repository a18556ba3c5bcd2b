// From what came back for a request to its one score row (spec L).
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/taxonomy.hpp>
#include <kvt/eval/token_f1.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::eval {

/// Why a request has no score of its own.
enum class unscorable : std::uint8_t { failure, no_response, empty_output, no_gold };
KVT_CHOICE(unscorable, "FAILURE", "NO_RESPONSE", "EMPTY_OUTPUT", "NO_GOLD");

/// What came back for a request: a failure, a response, or (an interrupted run) neither.
struct answer {
    std::optional<failure_label> failure{};  ///< of the request's failure row
    bool responded = false;
    std::optional<std::string> text{}, finish_reason{};
};
KVT_RECORD(answer, failure, responded, text, finish_reason);

/// One request's scores; all 0 where it is not scorable.
struct score {
    bool scorable = false;
    std::optional<unscorable> reason{};
    double em = 0, f1 = 0, f1_set = 0, f1_multiset = 0;   ///< f1 is one of the two that follow it, as the metrics say
    double acc = 0;                                       ///< the first metric
    std::optional<double> task_score{};                   ///< of a metric that is neither exact match nor token F1
    std::optional<std::string> pred_norm{}, gold_norm{};  ///< normalised answer and first gold
    std::optional<failure_label> label{};                 ///< of the failure or the response
    std::string metric_version{};
};
KVT_RECORD(score, scorable, reason, em, f1, f1_set, f1_multiset, acc, task_score, pred_norm, gold_norm, label,
           metric_version);

namespace detail {
/// The score but for what depends on which metrics there are.
[[nodiscard]] score common_score(answer const& came_back, std::span<std::string const> golds);

template <metric M>
void add_metric(score& out, M const& measure, std::string_view text, std::span<std::string const> golds) {
    if constexpr (std::same_as<M, token_f1>) out.f1 = best(measure, text, golds);
    else if constexpr (!std::same_as<M, exact_match>) out.task_score = best(measure, text, golds);
}
}  // namespace detail

/// Names the metrics and their parameters; a stored row of another version is scored anew.
template <metric... Metrics> [[nodiscard]] std::string metric_version(Metrics const&... used) {
    std::string out = "kvt-1";
    ((out += "/" + std::string{Metrics::name} + dump(to_json(used))), ...);
    return out;
}

/// Scores an answer against the golds, the best of which counts; the first metric is accuracy. Exact match and token F1
/// stand beside it whatever the metrics. A blank answer is not scored; a labelled one that is not blank is. Pure: the
/// same arguments give the same row.
template <metric Primary, metric... Others>
[[nodiscard]] score score_answer(answer const& came_back, std::span<std::string const> golds, Primary const& primary,
                                 Others const&... others) {
    score out = detail::common_score(came_back, golds);
    out.metric_version = metric_version(primary, others...);
    if (!out.scorable) return out;
    out.acc = best(primary, *came_back.text, golds);
    detail::add_metric(out, primary, *came_back.text, golds);
    (detail::add_metric(out, others, *came_back.text, golds), ...);
    return out;
}

}  // namespace kvt::inline KVT_ABI::eval

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/eval/detail/scoring.ipp>
#endif
