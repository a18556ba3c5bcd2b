// simulate: an engine's step loop with known costs, from requests to phases.
#pragma once

#include <kvt/trace/estimator.hpp>
#include <kvt/trace/request.hpp>
#include <kvt/trace/step_plan.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// An engine that serves requests in steps: continuous batching, prompts in chunks, decodes first.
struct step_engine {
    double beta0 = 0, beta1 = 0, beta2 = 0;  ///< true costs: seconds a step, a prefill token, a decode token
    std::int64_t chunk_size = 512;           ///< most prompt tokens of one request in a step
    std::int64_t max_running = 0;            ///< requests in the running set; 0: no limit
    std::int64_t token_budget = 0;           ///< tokens of all requests in a step; 0: no limit
    bool first_token_in_prefill = true;      ///< the first output token comes out of the last prefill step
    double noise_sigma = 0;                  ///< of the step time's logarithm; its mean stays
    std::uint64_t noise_seed = 0;
    double time_quantum = 0, time_origin = 0;  ///< the trace's clock: an origin is added, then times are rounded

    [[nodiscard]] coefficients beta() const { return {beta0, beta1, beta2}; }
    [[nodiscard]] step_limits limits() const { return {chunk_size, max_running, token_budget}; }
    void check() const;  ///< throws `bad_option`
};
KVT_RECORD(step_engine, beta0, beta1, beta2, chunk_size, max_running, token_budget, first_token_in_prefill, noise_sigma,
           noise_seed, time_quantum, time_origin);

/// One step of the log, on the engine's own clock.
struct step_record {
    double t_start = 0, t_end = 0;
    std::int64_t prefill_tokens = 0, decode_tokens = 0;
};
KVT_RECORD(step_record, t_start, t_end, prefill_tokens, decode_tokens);

/// When one request was served, in steps of the log. It was served in each of them: its first output token came at the end
/// of one step, the next at the end of the next.
struct served_request {
    std::size_t first_step = 0;   ///< the first with tokens of its prompt
    std::size_t decode_step = 0;  ///< one past the last with tokens of its prompt
    std::size_t end_step = 0;     ///< one past its last
};

/// What the engine did.
struct simulation {
    std::vector<phase> phases{};                                     ///< in order of their ends
    std::vector<std::pair<std::size_t, std::size_t>> phase_steps{};  ///< of each phase: its first step, and one past its last
    std::vector<step_record> log{};
    std::vector<served_request> served{};  ///< of each request, in the order in which they were given
    std::int64_t dropped_phases = 0;  ///< empty after rounding
    double busy_seconds = 0, makespan_seconds = 0;
    double mean_batch = 0;  ///< requests served in a step
};

/// Runs the engine until all requests are answered. Requests come in any order; equal arrivals keep theirs. Throws
/// `bad_request`, or `bad_option` where a step would take no time.
[[nodiscard]] simulation simulate(std::span<request const> requests, step_engine const& engine);

/// The same load at another speed: arrivals divided by `speed` (2: twice the load). Throws `bad_option`.
[[nodiscard]] std::vector<request> at_speed(std::span<request const> requests, double speed);

/// The fit on what each phase really met in the log: the true costs, when times are neither noisy nor rounded.
[[nodiscard]] step_fit fit_on_log(simulation const& run);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/simulate.ipp>
#endif
