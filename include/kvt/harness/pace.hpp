// pace: a minimum spacing between the starts of requests, over all budgets and threads of a process (spec I8).
#pragma once

#include <kvt/core/context.hpp>

#include <cstdint>
#include <mutex>
#include <optional>

namespace kvt::inline KVT_ABI::harness {

/// Seconds between starts at that many requests a minute.
[[nodiscard]] constexpr double pace_interval_s(std::int64_t requests_per_minute) {
    return 60.0 / static_cast<double>(requests_per_minute);
}

/// Hands out start times at least an interval apart. Without a rate it never waits.
class pacer {
  public:
    explicit pacer(std::optional<std::int64_t> requests_per_minute);

    /// Sleeps until the next request may start. Callers from several threads are let through one by one.
    void wait(run_context const& ctx);

  private:
    double interval_;
    double next_ = 0;
    std::mutex mutex_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/pace.ipp>
#endif
