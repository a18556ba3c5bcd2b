#pragma once

#include <kvt/cache/random.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void random::select(head_view const& view, std::int32_t slots, random_stream stream,
                             std::vector<std::int32_t>& kept) {
    if (view.length() <= slots) return keep_range(0, view.length(), kept);
    std::vector<std::pair<std::uint64_t, std::int32_t>> draws;
    for (std::int32_t slot = 0; slot < view.length(); ++slot)
        draws.emplace_back(stream.peek(static_cast<std::uint64_t>(view.positions[static_cast<std::size_t>(slot)])),
                           slot);
    std::nth_element(draws.begin(), draws.begin() + slots, draws.end(),
                     [](auto const& a, auto const& b) { return a > b; });
    for (std::int32_t i = 0; i < slots; ++i) kept.push_back(draws[static_cast<std::size_t>(i)].second);
    std::sort(kept.begin(), kept.end());
}

}  // namespace kvt::inline KVT_ABI::cache
