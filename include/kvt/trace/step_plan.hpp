// step_plan: which tokens an engine takes into one step; the one rule of the simulator and of the engine's own step loop.
#pragma once

#include <kvt/core/record.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::trace {

/// How much fits into a step.
struct step_limits {
    std::int64_t chunk_size = 512;  ///< most prompt tokens of one request in a step
    std::int64_t max_running = 0;   ///< requests in the running set; 0: no limit
    std::int64_t token_budget = 0;  ///< tokens of all requests in a step; 0: no limit

    void check() const;  ///< throws `bad_option`

    /// Whether one more request is taken into a running set of so many.
    [[nodiscard]] bool room(std::size_t running) const {
        return max_running == 0 || static_cast<std::int64_t>(running) < max_running;
    }
    friend bool operator==(step_limits const&, step_limits const&) = default;
};
KVT_RECORD(step_limits, chunk_size, max_running, token_budget);

/// A request of the running set, as far as planning looks.
struct step_place {
    std::int64_t prompt_left = 0;  ///< prompt tokens not computed yet
    bool decoding = false;         ///< its prompt is finished: it gets one token in every step
    std::int64_t now = 0;          ///< prompt tokens in the coming step; what `plan_step` decides
};

/// What a step holds.
struct step_load {
    std::int64_t prefill_tokens = 0, decode_tokens = 0;
    std::int64_t served = 0;  ///< requests that got a token

    [[nodiscard]] bool empty() const { return prefill_tokens == 0 && decode_tokens == 0; }
};

/// Continuous batching with chunked prefill, as vLLM schedules: every request that decodes gets its token whatever the
/// budget, and what the budget leaves goes to prompts in running order, at most a chunk each; a prompt that gets nothing
/// waits. `place_of(request)` is the request's `step_place`.
template <class Request, class PlaceOf>
step_load plan_step(step_limits const& limits, std::span<Request> running, PlaceOf&& place_of) {
    step_load out;
    for (auto& request : running) out.decode_tokens += place_of(request).decoding ? 1 : 0;
    std::int64_t left = std::max<std::int64_t>(limits.token_budget - out.decode_tokens, 0);
    for (auto& request : running) {
        step_place& place = place_of(request);
        place.now = place.decoding ? 0 : std::min(limits.chunk_size, place.prompt_left);
        if (limits.token_budget > 0) place.now = std::min(place.now, left), left -= place.now;
        out.prefill_tokens += place.now;
        out.served += place.now > 0 ? 1 : 0;
    }
    out.served += out.decode_tokens;
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/step_plan.ipp>
#endif
