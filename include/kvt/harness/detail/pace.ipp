#pragma once

#include <kvt/harness/pace.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL pacer::pacer(std::optional<std::int64_t> requests_per_minute)
    : interval_{requests_per_minute && *requests_per_minute > 0 ? pace_interval_s(*requests_per_minute) : 0} {}

KVT_DECL void pacer::wait(run_context const& ctx) {
    if (interval_ == 0) return;
    double start = 0;
    {
        std::scoped_lock const lock{mutex_};
        double const now = ctx.seconds();
        start = next_ > now ? next_ : now;
        next_ = start + interval_;
    }
    if (double const ahead = start - ctx.seconds(); ahead > 0) ctx.sleep(ahead);
}

}  // namespace kvt::inline KVT_ABI::harness
