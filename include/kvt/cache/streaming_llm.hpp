// streaming_llm: the first few entries (attention sinks) and the most recent ones.
#pragma once

#include <kvt/cache/policy.hpp>

namespace kvt::inline KVT_ABI::cache {

/// Xiao, Tian, Chen, Han, Lewis: "Efficient Streaming Language Models with Attention Sinks" (2023), with keys left
/// rotated for their positions (RoPE mode `absolute`) and eviction from the end of prefill on. Looks at positions alone,
/// so every head keeps the same. Where the budget has no room for the sinks and one recent entry, there are fewer sinks.
struct streaming_llm {
    static constexpr std::string_view name = "streaming_llm";
    static constexpr budget_mode when = budget_mode::capped;

    std::int32_t sinks = 4;

    [[nodiscard]] static observation_needs needs() { return {}; }
    void check() const {
        if (sinks < 0) throw error{error_kind::usage, "kv.streaming_llm.sinks", std::to_string(sinks), "at least 0"};
    }
    /// Sinks under a budget of `slots` entries.
    [[nodiscard]] std::int32_t sinks_of(std::int32_t slots) const { return std::max(0, std::min(sinks, slots - 1)); }

    void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) const {
        if (view.length() <= slots) return keep_range(0, view.length(), kept);
        std::int32_t const first = std::min(slots, sinks_of(slots + view.incoming));
        keep_range(0, first, kept);
        keep_range(view.length() - (slots - first), view.length(), kept);
    }
    [[nodiscard]] std::string adjustment(std::int32_t slots) const {
        if (sinks_of(slots) == sinks) return {};
        return "sinks " + std::to_string(sinks) + " reduced to " + std::to_string(sinks_of(slots));
    }
};
KVT_RECORD(streaming_llm, sinks);

}  // namespace kvt::inline KVT_ABI::cache
