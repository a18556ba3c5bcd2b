// Was the budget applied? From what an engine reported, request by request, to the level of proof of a whole run.
#pragma once

#include <kvt/engine/engine.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// How far a run's budget is proven (spec I6). `label`: it was not sent. `declared`: it was sent and accepted, and
/// nothing that proves it came back. `proven`: every request has a verified receipt, or every request reported how
/// many tokens it kept, these counts fit the budget, and two budgets of the group really kept different shares.
enum class budget_level : std::uint8_t { label, declared, proven };
KVT_CHOICE(budget_level, "label", "declared", "proven");

/// What one answered request reported: tokens per layer and head, averaged.
struct kv_report {
    evidence proof = evidence::none;
    std::optional<std::int64_t> total_tokens, retained_tokens;
};
KVT_RECORD(kv_report, proof, total_tokens, retained_tokens);

/// The answered requests of one run, taken together; stored as `runs.budget_evidence`.
struct budget_evidence {
    double budget = 1;
    budget_sent sent = budget_sent::no;
    evidence proof = evidence::none;  ///< the weakest of all requests
    std::int64_t requests = 0;        ///< answered ones
    std::int64_t receipts = 0;        ///< with a verified receipt
    std::int64_t counted = 0;         ///< with both token counts
    std::int64_t fitting = 0;         ///< of these, the ones whose share fits the budget
    std::int64_t always_kept = 0;     ///< tokens that the policy keeps whatever the budget (the tolerance's w)
    std::optional<double> mean_share{}, least_share{}, largest_share{};  ///< retained / total
    budget_level level = budget_level::label;
    std::string reason{};  ///< why the level is not higher; empty at `proven`
};
KVT_RECORD(budget_evidence, budget, sent, proof, requests, receipts, counted, fitting, always_kept, mean_share,
           least_share, largest_share, level, reason);

/// Whether `retained` of `total` tokens is what `budget` asks for: within max(0.05, always_kept / total) of it, and all
/// tokens at budget 1.
[[nodiscard]] bool fits_budget(double budget, std::int64_t total, std::int64_t retained, std::int64_t always_kept);

/// Adds up one run; the level is set by `judge`.
[[nodiscard]] budget_evidence measure_budget(double budget, budget_sent sent, std::span<kv_report const> reports,
                                             std::int64_t always_kept = 0);

/// Sets level and reason of every run of a group, which must be of one policy.
void judge(std::span<budget_evidence> group);

/// Outputs of two budgets, prompt by prompt.
struct noop_check {
    std::int64_t pairs = 0;
    std::int64_t identical = 0;
    bool suspect =
        false;  ///< at least 8 pairs of which at least 95 % are byte-identical: perhaps nothing was compressed
};
KVT_RECORD(noop_check, pairs, identical, suspect);

/// Compares answers made at temperature 0 with two budgets; the spans have equal length and order.
[[nodiscard]] noop_check compare_outputs(std::span<std::string const> one, std::span<std::string const> other);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/evidence.ipp>
#endif
