#pragma once

#include <kvt/cache/full.hpp>
#include <kvt/core/error.hpp>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void full::select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) {
    if (slots < view.length())
        throw error{error_kind::usage, "kv.policy", "full keeps every entry", "budget 1 for the policy full"};
    keep_range(0, view.length(), kept);
}

}  // namespace kvt::inline KVT_ABI::cache
