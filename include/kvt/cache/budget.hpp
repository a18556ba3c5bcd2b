// The budget: a fraction of the bytes of a prompt's full KV cache, turned into integer slots without a remainder.
#pragma once

#include <kvt/core/record.hpp>

namespace kvt::inline KVT_ABI::cache {

/// When the budget binds. `prompt`: once, at the end of prefill; the answer's entries are added and stay.
/// `capped`: at every step; never more entries than the prompt's budget. `ratio_tracking`: at every step; never more
/// than the fraction of all tokens seen so far.
enum class budget_mode : std::uint8_t { prompt, capped, ratio_tracking };
KVT_CHOICE(budget_mode, "prompt", "capped", "ratio_tracking");

/// Whether the policy may look at the question when it chooses. `query_aware`: the question is part of the compacted
/// prompt. `query_agnostic`: the context is compacted first, the question is appended after and kept whole.
enum class question_mode : std::uint8_t { query_aware, query_agnostic };
KVT_CHOICE(question_mode, "query_aware", "query_agnostic");

}  // namespace kvt::inline KVT_ABI::cache
