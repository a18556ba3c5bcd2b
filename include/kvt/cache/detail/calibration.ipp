#pragma once

#include <kvt/cache/calibration.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::cache {
namespace detail {

/// H(high) - H(low), summed from the small terms up.
KVT_DECL double harmonic_between(std::int64_t low, std::int64_t high) {
    double sum = 0;
    for (std::int64_t i = high; i > low; --i) sum += 1 / static_cast<double>(i);
    return sum;
}

/// How many of the entries 0 .. position - 1 have H(position) - H(j) > 1; these are the oldest ones.
KVT_DECL std::int64_t far_older(std::int64_t position) {
    double sum = 0;
    std::int64_t j = position;
    while (j > 0 && sum <= 1) sum += 1 / static_cast<double>(j--);
    return sum > 1 ? j + 1 : 0;
}

}  // namespace detail

KVT_DECL double survival(full const&, lookup_setting const&, std::int64_t) { return 1; }

KVT_DECL double survival(streaming_llm const& p, lookup_setting const& at, std::int64_t position) {
    std::int64_t const slots = at.slots(), tokens = at.compacted();
    if (slots >= tokens && !at.makes_room()) return 1;
    std::int64_t const sinks = p.sinks_of(static_cast<std::int32_t>(slots));
    std::int64_t const recent = slots - sinks - (at.makes_room() ? 1 : 0);
    return position < std::min(sinks, slots) || position >= tokens - recent ? 1 : 0;
}

KVT_DECL double survival(random const&, lookup_setting const& at, std::int64_t) {
    return static_cast<double>(at.slots() - (at.makes_room() ? 1 : 0)) / static_cast<double>(at.compacted());
}

KVT_DECL double survival(snapkv const& given, lookup_setting const& at, std::int64_t position) {
    if (at.makes_room())
        throw error{error_kind::usage, "calibration", "no closed form of snapkv in this mode", "mode prompt"};
    snapkv const p = given.resolved();
    std::int64_t const slots = at.slots(), tokens = at.compacted();
    if (slots >= tokens) return 1;
    std::int64_t const window = p.window_of(static_cast<std::int32_t>(slots)), half = *p.kernel / 2;
    std::int64_t const candidates = tokens - window, room = slots - window;
    if (position >= candidates) return 1;
    bool const aware = at.question == question_mode::query_aware && window > 0;
    double const even = detail::harmonic_between(tokens - window, aware ? tokens - 1 : tokens);
    auto const score = [&](std::int64_t j) {
        bool const near = aware && std::abs(j - position) <= half;
        if (*p.pool == pooling::max) return even + (near ? 1 : 0);
        std::int64_t const covered = std::min(candidates - 1, j + half) - std::max<std::int64_t>(0, j - half) + 1;
        return static_cast<double>(covered) * even + (near ? 1 : 0);
    };
    double const own = score(position);
    std::int64_t ahead = 0;
    for (std::int64_t j = 0; j < candidates; ++j)
        if (double const other = score(j); other > own || (other == own && j > position)) ++ahead;
    return ahead < room ? 1 : 0;
}

KVT_DECL double survival(h2o const& p, lookup_setting const& at, std::int64_t position) {
    std::int64_t const slots = at.slots(), tokens = at.compacted();
    if (slots >= tokens && !at.makes_room()) return 1;
    std::int64_t const heavy = std::min<std::int64_t>(slots, p.heavy_of(static_cast<std::int32_t>(slots)));
    std::int64_t const oldest_recent = tokens - (slots - heavy);
    bool const aware = at.question == question_mode::query_aware;
    bool const among_heavy = position < oldest_recent && (aware ? detail::far_older(position) : position) < heavy;
    if (!at.makes_room()) return among_heavy || position >= oldest_recent ? 1 : 0;
    if (slots == heavy)  // nothing is recent: the least of the heavy ones leaves
        return (aware ? detail::far_older(position) : position) < (aware ? heavy - 1 : heavy) && heavy > 1 ? 1 : 0;
    if (position == oldest_recent) return heavy > 0 && detail::harmonic_between(heavy - 1, position) <= 1 ? 1 : 0;
    return among_heavy || position > oldest_recent ? 1 : 0;
}

KVT_DECL double survival(std::string_view policy, json const& parameters, lookup_setting const& at,
                         std::int64_t position) {
    return visit_policy(policy, parameters, "kv.policy", [&](auto const& p) { return survival(p, at, position); });
}

KVT_DECL double expected_accuracy(std::string_view policy, json const& parameters, lookup_setting const& at) {
    double sum = 0;
    std::int64_t const last = at.prompt_tokens - at.question_tokens;
    for (std::int64_t position = 1; position < last; ++position) sum += survival(policy, parameters, at, position);
    return sum / static_cast<double>(last - 1);
}

KVT_DECL std::int64_t lookup_setting::at(std::int64_t tokens) const {
    return distribute(budget, tokens, layers, kv_heads)[static_cast<std::size_t>(lookup_list)];
}

}  // namespace kvt::inline KVT_ABI::cache
