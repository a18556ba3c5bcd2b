// key_pool: where the keys of the recall task's records come from.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>

namespace kvt::inline KVT_ABI::data {

/// Where the keys of a prompt's records come from. `grid`: the pairs of a few adjectives and nouns (side about 1.3 times
/// the root of their number), so that neither word alone tells records apart. `all`: any of the 1,920 pairs. `mixed`:
/// half of the prompts each.
enum class key_pool : std::uint8_t { mixed, grid, all };
KVT_CHOICE(key_pool, "mixed", "grid", "all");

}  // namespace kvt::inline KVT_ABI::data
