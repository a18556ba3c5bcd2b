#pragma once

#include <kvt/config/merge.hpp>

#include <iterator>
#include <utility>

namespace kvt::inline KVT_ABI::config {

KVT_DECL void merge(json& base, json over) {
    if (!base.is_object() || !over.is_object()) return void(base = std::move(over));
    for (auto& [name, item] : over.members()) merge(base[name], std::move(item));
}

KVT_DECL void forget(provenance& origins, std::string_view key) {
    auto const below = [&](std::string_view k) {
        return k.size() == key.size() || k[key.size()] == '.' || k[key.size()] == '[';
    };
    for (auto it = origins.lower_bound(key); it != origins.end() && it->first.starts_with(key);)
        it = below(it->first) ? origins.erase(it) : std::next(it);
}

}  // namespace kvt::inline KVT_ABI::config
