// The cache policy contract: which entries of one KV head's list stay when only so many may.
#pragma once

#include <kvt/cache/budget.hpp>
#include <kvt/cache/observation.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/stage.hpp>

#include <concepts>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// One KV head's list of cached entries, as a policy sees it: slot by slot, ascending by position.
struct head_view {
    std::int32_t layer = 0, kv_head = 0;
    std::span<std::int32_t const> positions;  ///< of the entries: where in the text they stand
    std::span<observed_head const> queries;   ///< of the query heads that share this KV head: what was asked for
    std::span<float const> keys, values;      ///< [slot][head_dim], keys rotated for their positions
    std::int32_t head_dim = 0;
    std::int32_t incoming = 0;  ///< entries about to be added that are part of the same budget

    [[nodiscard]] std::int32_t length() const { return static_cast<std::int32_t>(positions.size()); }
};

/// Decides what stays. A policy is a record of its parameters with
/// * `needs()`: what has to be observed;
/// * `when`: the budget mode it is meant for, used where a request names none;
/// * `select(view, slots, stream, kept)`: fills the empty `kept` with the slots that stay.
///
/// Laws (tests/laws/cache_policy.hpp): `kept` holds exactly min(slots, length) distinct slots in ascending order; all of
/// them where length <= slots; the same for the same view and stream; what other heads hold does not matter. Among equal
/// scores the newer entry wins. `stream` is keyed by (seed, item, layer, head): a policy that draws reads it by position
/// (`stream.peek(position)`), so that neither order nor threads matter.
///
/// Optional: `check()` refuses parameters that make no sense; `label()` names the dialect (`snapkv@paper`); `resolved()`
/// is the policy with every parameter spelled out; `adjustment(slots)` says in words what the policy does differently
/// because `slots` is small (empty: nothing).
///
/// Satisfied by `full`, `streaming_llm`, `snapkv`, `h2o` and `random`.
template <class P>
concept policy = record<P> && named<P> && requires(P const& p, head_view const& view, std::int32_t slots,
                                                   random_stream stream, std::vector<std::int32_t>& kept) {
    { p.needs() } -> std::same_as<observation_needs>;
    { P::when } -> std::convertible_to<budget_mode>;
    p.select(view, slots, stream, kept);
};

namespace detail {
/// Whether a type meets `policy`; where it does not, one sentence says what it lacks.
template <class Policy> consteval bool checked_policy() {
    using slots = std::vector<std::int32_t>;
    constexpr bool moded = requires {
        { Policy::when } -> std::convertible_to<budget_mode>;
    };
    constexpr bool frank = requires(Policy const& p) {
        { p.needs() } -> std::same_as<observation_needs>;
    };
    constexpr bool selects = requires(Policy const& p, head_view const& view, random_stream s, slots& kept) {
        p.select(view, std::int32_t{}, s, kept);
    };
    if constexpr (!record<Policy>)
        static_assert(record<Policy>,
                      "kvt: a cache Policy must be a record: add KVT_RECORD or KVT_EMPTY_RECORD below it");
    else if constexpr (!named<Policy>)
        static_assert(named<Policy>, "kvt: this cache Policy has no `static constexpr std::string_view name`");
    else if constexpr (!moded)
        static_assert(moded, "kvt: this cache Policy has no `static constexpr cache::budget_mode when`");
    else if constexpr (!frank)
        static_assert(frank, "kvt: this cache Policy has no `cache::observation_needs needs() const`");
    else
        static_assert(selects,
                      "kvt: this cache Policy has no `void select(cache::head_view const&, std::int32_t slots, "
                      "random_stream, std::vector<std::int32_t>& kept) const`");
    return policy<Policy>;
}
}  // namespace detail

/// How the scores of the query heads that share a KV head become one.
enum class reduction : std::uint8_t { mean, max, sum };
KVT_CHOICE(reduction, "mean", "max", "sum");

/// Appends slots `first..last-1`.
void keep_range(std::int32_t first, std::int32_t last, std::vector<std::int32_t>& kept);

/// Appends the `count` best of slots `first .. first + scores.size() - 1`, ascending by slot: higher score first, newer
/// slot first among equals, scores compared as floats. NaN is no score and counts as the least of all.
void keep_highest(std::span<float const> scores, std::int32_t first, std::int32_t count,
                  std::vector<std::int32_t>& kept);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/policy.ipp>
#endif
