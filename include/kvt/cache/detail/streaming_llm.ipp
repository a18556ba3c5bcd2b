#pragma once

#include <kvt/cache/streaming_llm.hpp>
#include <kvt/core/error.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void streaming_llm::check() const {
    if (sinks < 0) throw error{error_kind::usage, "kv.streaming_llm.sinks", std::to_string(sinks), "at least 0"};
}

KVT_DECL std::int32_t streaming_llm::sinks_of(std::int32_t slots) const {
    return std::max(0, std::min(sinks, slots - 1));
}

KVT_DECL void streaming_llm::select(head_view const& view, std::int32_t slots, random_stream,
                                    std::vector<std::int32_t>& kept) const {
    if (view.length() <= slots) return keep_range(0, view.length(), kept);
    std::int32_t const first = std::min(slots, sinks_of(slots + view.incoming));
    keep_range(0, first, kept);
    keep_range(view.length() - (slots - first), view.length(), kept);
}

KVT_DECL std::string streaming_llm::adjustment(std::int32_t slots) const {
    if (sinks_of(slots) == sinks) return {};
    return "sinks " + std::to_string(sinks) + " reduced to " + std::to_string(sinks_of(slots));
}

}  // namespace kvt::inline KVT_ABI::cache
