#pragma once

#include <kvt/cache/any_policy.hpp>
#include <kvt/core/error.hpp>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL std::vector<std::int32_t> any_policy::select(head_view const& view, std::int32_t slots,
                                                      random_stream stream) const {
    std::vector<std::int32_t> kept;
    if (view.length() <= slots) {
        keep_range(0, view.length(), kept);
        return kept;
    }
    calls_->select(policy_.get(), view, slots, stream, kept);
    std::int32_t last = -1;
    for (std::int32_t slot : kept) {
        if (slot <= last || slot >= view.length()) broke("slots in ascending order below the list's length");
        last = slot;
    }
    if (static_cast<std::int32_t>(kept.size()) != slots) broke(std::to_string(slots) + " slots");
    return kept;
}

KVT_DECL void any_policy::broke(std::string expected) const {
    throw error{error_kind::usage, "policy " + std::string{name()}, "its select broke the law of cache policies",
                std::move(expected)};
}

}  // namespace kvt::inline KVT_ABI::cache
