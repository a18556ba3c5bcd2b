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
    void check() const;
    /// Sinks under a budget of `slots` entries.
    [[nodiscard]] std::int32_t sinks_of(std::int32_t slots) const;

    void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) const;
    [[nodiscard]] std::string adjustment(std::int32_t slots) const;
};
KVT_RECORD(streaming_llm, sinks);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/streaming_llm.ipp>
#endif
