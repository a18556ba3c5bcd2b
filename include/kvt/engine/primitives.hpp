// What a budget means to engines: the same fraction as tokens, as a compression ratio, as sinks and a window.
#pragma once

#include <kvt/cache/budget.hpp>

namespace kvt::inline KVT_ABI::engine {

/// A budget in the terms of engines that do not take fractions (spec I6); reports print it.
struct budget_primitives {
    std::int64_t retained_tokens = 0;  ///< of each layer and head
    double compression_ratio = 0;      ///< the share removed, as kvpress has it
    std::int64_t sinks = 0;            ///< first tokens kept
    std::int64_t window = 0;           ///< last tokens kept beside the sinks
};
KVT_RECORD(budget_primitives, retained_tokens, compression_ratio, sinks, window);

/// For a prompt of `tokens` at `budget` in (0, 1]. Half tokens round to even; at budget 1 everything is kept; the
/// window holds at least one token.
[[nodiscard]] inline budget_primitives primitives_of(double budget, std::int64_t tokens, std::int64_t sinks = 4) {
    std::int64_t const kept = budget >= 1 ? tokens : cache::round_half_even(budget * static_cast<double>(tokens));
    return {kept, 1 - budget, sinks, kept - sinks > 1 ? kept - sinks : 1};
}

}  // namespace kvt::inline KVT_ABI::engine
