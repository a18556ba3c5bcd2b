// full: keeps everything; the reference every other policy is compared with.
#pragma once

#include <kvt/cache/policy.hpp>

namespace kvt::inline KVT_ABI::cache {

/// Never evicts. Meant for budget 1, where every policy keeps everything; asked to keep less, it cannot (the engine
/// refuses such a request before anything runs).
struct full {
    static constexpr std::string_view name = "full";
    static constexpr budget_mode when = budget_mode::prompt;

    [[nodiscard]] static observation_needs needs() { return {}; }
    static void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept);
};
KVT_EMPTY_RECORD(full);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/full.ipp>
#endif
