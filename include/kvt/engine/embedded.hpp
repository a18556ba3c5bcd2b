// embedded: a transformer in this process behind a KV cache whose budget is real, with a receipt for every answer.
#pragma once

#include <kvt/cache/policies.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/engine/language_model.hpp>
#include <kvt/engine/step_options.hpp>

#include <memory>
#include <string>

namespace kvt::inline KVT_ABI::engine {

struct embedded_options {
    std::int64_t prefill_bytes = std::int64_t{1} << 30;  ///< for finished prefills kept for later requests; 0: none
    std::vector<std::string> stop_after{};               ///< beside the model's own, see `generation`
    /// The policies that requests will name, as a sweep has them: prefills observe what these need, and one that another
    /// policy cannot use is made anew. Empty: all registered ones.
    std::vector<cache::named_policy> policies{};
    step_options steps{};  ///< whether requests share steps, and the logs of these
};
KVT_RECORD(embedded_options, prefill_bytes, stop_after, policies, steps);

namespace detail {
class embedded_service;
struct embedded_handle {
    std::shared_ptr<embedded_service const> service;

    embedded_handle(language_model model, embedded_options options, cache::observation_needs common);
    [[nodiscard]] outcome generate(run_context& context, request const& r, cache::any_policy policy,
                                   token_sink const* sink) const;
    [[nodiscard]] identity describe(std::string_view name) const;
};
}  // namespace detail

/// Answers a request in three steps.
/// 1. Prefill with the full cache: the whole prompt (`query_aware`), or the context alone (`query_agnostic`;
///    `question_bytes` says where the question begins).
/// 2. Compaction: the policy chooses what stays, the rest is freed. What is left is read back into the receipt.
/// 3. Decoding: the first answer token of a query_aware request comes from the prefill, as it does in kvpress, so only the
///    tokens after it see the compacted cache; the question of a query_agnostic one is run on the compacted cache first.
///    In modes `capped` and `ratio_tracking` entries go on being evicted.
///
/// The prompt is the text to continue, or the messages' contents joined by newlines: there is no chat template.
/// Answers end at an end-of-sequence token, after a stop token (`finish_reason` stop), at `max_tokens` or where the
/// model's positions end (length). Temperature 0 is greedy; else draws follow (seed, item). Same request, same bits: text,
/// usage and receipt do not depend on threads, on other requests, on how they share steps (engine/scheduler.hpp) or on
/// prefills found in memory.
///
/// Failures: `refused` for a prompt beyond the context ("maximum context length"), for a budget that leaves a head nothing
/// and for a query_agnostic prompt without a question; `timeout`; `network` where a stop request came before the answer
/// began (one that has begun is finished). Misuse throws `error{usage}`: unknown policies and parameters, budgets outside
/// (0, 1], `full` below budget 1.
///
/// `latency_s` counts a prefill found in memory with the time it once took, so that latencies of a sweep compare; the
/// notes tell: `prefill_cached`, `prefill_s`, `wall_s` (spent on this request), `unknown_tokens` of the prompt.
/// `Registry` says which policies a request can name.
template <class Registry = cache::policies> class embedded {
  public:
    static constexpr std::string_view name = "embedded";

    explicit embedded(language_model model, embedded_options options = {})
        : handle_{std::move(model), options, cache::common_needs<Registry>(options.policies)} {}

    [[nodiscard]] outcome generate(run_context& context, request const& r) const {
        return handle_.generate(context, r, policy_of(r), nullptr);
    }
    [[nodiscard]] outcome generate(run_context& context, request const& r, token_sink sink) const {
        return handle_.generate(context, r, policy_of(r), &sink);
    }
    [[nodiscard]] identity describe() const { return handle_.describe(name); }
    [[nodiscard]] evidence proves() const { return evidence::receipts; }

  private:
    static cache::any_policy policy_of(request const& r) {
        return cache::make_policy<Registry>(r.kv.policy, r.kv.parameters, "kv.policy");
    }
    detail::embedded_handle handle_;
};

static_assert(streaming_engine<embedded<>>);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/embedded.ipp>
#endif
