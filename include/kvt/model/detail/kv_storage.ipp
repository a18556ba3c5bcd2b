#pragma once

#include <kvt/model/kv_storage.hpp>

namespace kvt::inline KVT_ABI::model {

KVT_DECL plain_storage::plain_storage(std::int32_t layers, std::int32_t kv_heads)
    : kv_heads_{kv_heads}, lists_(static_cast<std::size_t>(layers) * static_cast<std::size_t>(kv_heads)) {}

KVT_DECL void plain_storage::append(std::int32_t layer, std::int32_t kv_head, std::int32_t position,
                                    std::span<float const> key, std::span<float const> value) {
    auto& l = lists_[index(layer, kv_head)];
    l.keys.insert(l.keys.end(), key.begin(), key.end());
    l.values.insert(l.values.end(), value.begin(), value.end());
    l.positions.push_back(position);
}

KVT_DECL void plain_storage::clear() {
    for (auto& l : lists_) l.keys.clear(), l.values.clear(), l.positions.clear();
}

}  // namespace kvt::inline KVT_ABI::model
