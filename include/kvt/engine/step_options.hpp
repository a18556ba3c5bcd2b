// step_options: how an engine in this process shares its steps among requests, and what it writes down of them.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/trace/step_plan.hpp>

#include <string>

namespace kvt::inline KVT_ABI::engine {

/// Who forms steps. `alone`: each request its own, on its caller's thread. `joined`: one loop for all requests.
enum class batching : std::uint8_t { alone, joined };
KVT_CHOICE(batching, "alone", "joined");

/// Answers and receipts do not depend on any of these.
struct step_options {
    engine::batching batching = engine::batching::alone;
    std::int64_t chunk_size = 512;  ///< joined: most prompt tokens of one request in a step
    std::int64_t max_running = 0;   ///< joined: requests in the running set, others wait; 0: no limit
    std::int64_t token_budget =
        0;  ///< joined: tokens of all requests in a step; decodes are served all the same; 0: no limit
    std::int64_t threads = 1;  ///< joined: that share a step's requests; 0: one per core
    /// joined: a file for when each prefill and decode ran (the columns of `trace::phase`). Empty: none.
    std::string phase_log{};
    /// joined: a file for each step's start, end and tokens (the columns of `trace::logged_step`). Empty: none.
    std::string step_log{};

    [[nodiscard]] trace::step_limits limits() const { return {chunk_size, max_running, token_budget}; }
    /// Throws for limits that make none, and for a log where no loop forms steps.
    void check() const;
};
KVT_RECORD(step_options, batching, chunk_size, max_running, token_budget, threads, phase_log, step_log);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/step_options.ipp>
#endif
