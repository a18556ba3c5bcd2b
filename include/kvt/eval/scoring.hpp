// From what came back for a request to its one score row (spec L).
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/eval/metric.hpp>
#include <kvt/eval/taxonomy.hpp>
#include <kvt/text/overlap.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::eval {

/// Which score is called accuracy.
enum class primary_metric : std::uint8_t { f1, em, longbench };
KVT_CHOICE(primary_metric, "f1", "em", "longbench");

/// Why a request has no score of its own.
enum class unscorable : std::uint8_t { failure, no_response, empty_output, no_gold };
KVT_CHOICE(unscorable, "FAILURE", "NO_RESPONSE", "EMPTY_OUTPUT", "NO_GOLD");

/// How answers are scored.
struct scoring {
    static constexpr std::string_view name = "scoring";
    eval::primary_metric primary_metric = eval::primary_metric::f1;
    text::overlap f1_overlap = text::overlap::multiset;
    bool truncated_is_failure = true;

    /// Names the rules a score depends on; a stored row of another version is scored anew.
    [[nodiscard]] std::string version() const {
        return "kvt-1/" + std::string{name_of(primary_metric)} + "/" + std::string{name_of(f1_overlap)};
    }
    /// Whether a label counts into the failure rate.
    [[nodiscard]] bool counts(std::optional<failure_label> label) const {
        return label && (truncated_is_failure || *label != failure_label::truncated);
    }
};
KVT_RECORD(scoring, primary_metric, f1_overlap, truncated_is_failure);

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
    double em = 0, f1 = 0, f1_set = 0, f1_multiset = 0;  ///< f1 is one of the two that follow it, as the rules say
    double acc = 0;                                      ///< the primary metric
    std::optional<double> task_score{};                  ///< of the task's own metric, where one was given
    std::optional<std::string> pred_norm{}, gold_norm{}; ///< normalised answer and first gold
    std::optional<failure_label> label{};                ///< of the failure or the response
    std::string metric_version{};
};
KVT_RECORD(score, scorable, reason, em, f1, f1_set, f1_multiset, acc, task_score, pred_norm, gold_norm, label,
           metric_version);

namespace detail {
[[nodiscard]] score score_without_task(answer const& came_back, std::span<std::string const> golds,
                                       scoring const& rules);
}

/// Scores an answer against the golds, the best of which counts. A blank answer is not scored; a labelled one that is
/// not blank is. `task` is the task's own metric. Pure: the same arguments give the same row.
template <metric Task>
[[nodiscard]] score score_answer(answer const& came_back, std::span<std::string const> golds, scoring const& rules,
                                 Task const& task) {
    score out = detail::score_without_task(came_back, golds, rules);
    if (out.scorable) out.task_score = best(task, *came_back.text, golds);
    if (rules.primary_metric == primary_metric::longbench) out.acc = out.task_score.value_or(0);
    out.metric_version += "/" + std::string{Task::name};
    return out;
}
/// The same without a task metric; throws `error{usage}` where the rules want one.
[[nodiscard]] inline score score_answer(answer const& came_back, std::span<std::string const> golds,
                                        scoring const& rules) {
    if (rules.primary_metric == primary_metric::longbench)
        throw error{error_kind::usage, "scoring.primary_metric", "this task has no metric of its own", "f1 or em"};
    return detail::score_without_task(came_back, golds, rules);
}

}  // namespace kvt::inline KVT_ABI::eval

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/eval/detail/scoring.ipp>
#endif
