// random: keeps a uniform sample; the control that every policy has to beat at equal bytes.
#pragma once

#include <kvt/cache/policy.hpp>

namespace kvt::inline KVT_ABI::cache {

/// Uniform without replacement: every position draws a number that depends on seed, item, layer, head and the position
/// alone, and the highest stay. So samples are nested: what a budget keeps, a larger one keeps too.
struct random {
    static constexpr std::string_view name = "random";
    static constexpr budget_mode when = budget_mode::prompt;

    [[nodiscard]] static observation_needs needs() { return {}; }
    static void select(head_view const& view, std::int32_t slots, random_stream stream,
                       std::vector<std::int32_t>& kept);
};
KVT_EMPTY_RECORD(random);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/random.ipp>
#endif
