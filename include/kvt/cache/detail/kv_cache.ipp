#pragma once

#include <kvt/cache/kv_cache.hpp>

#include <algorithm>
#include <utility>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL kv_cache::kv_cache(std::int32_t layers, std::int32_t kv_heads, std::int32_t head_dim)
    : layers_{layers}, kv_heads_{kv_heads}, head_dim_{head_dim},
      lists_(static_cast<std::size_t>(layers) * static_cast<std::size_t>(kv_heads)) {}

KVT_DECL void kv_cache::append(std::int32_t layer, std::int32_t kv_head, std::int32_t position,
                               std::span<float const> key, std::span<float const> value) {
    list& l = at(layer, kv_head);
    if (l.length() == l.capacity) grow(l, l.capacity + std::max(std::int32_t{8}, l.capacity / 8));
    auto const end = offset(l.length());
    std::copy_n(key.begin(), head_dim_, l.keys.get() + end);
    std::copy_n(value.begin(), head_dim_, l.values.get() + end);
    l.positions.push_back(position);
}

KVT_DECL void kv_cache::reserve(std::int32_t layer, std::int32_t kv_head, std::int32_t entries) {
    if (at(layer, kv_head).capacity < entries) grow(at(layer, kv_head), entries);
}

KVT_DECL void kv_cache::reserve(std::int32_t entries) {
    for (list& l : lists_)
        if (l.capacity < entries) grow(l, entries);
}

KVT_DECL void kv_cache::retain(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots) {
    at(layer, kv_head) = gathered(at(layer, kv_head), slots);
}

KVT_DECL void kv_cache::make_room(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots) {
    list& l = at(layer, kv_head);
    std::int32_t next = 0;
    for (std::int32_t slot : slots) {
        if (slot != next) {
            std::copy_n(l.keys.get() + offset(slot), head_dim_, l.keys.get() + offset(next));
            std::copy_n(l.values.get() + offset(slot), head_dim_, l.values.get() + offset(next));
            l.positions[static_cast<std::size_t>(next)] = l.positions[static_cast<std::size_t>(slot)];
        }
        ++next;
    }
    l.positions.resize(static_cast<std::size_t>(next));
}

KVT_DECL kv_cache kv_cache::gathered(std::span<std::vector<std::int32_t> const> kept) const {
    kv_cache out{layers_, kv_heads_, head_dim_};
    for (std::size_t i = 0; i < lists_.size(); ++i) out.lists_[i] = gathered(lists_[i], kept[i]);
    return out;
}

KVT_DECL std::int64_t kv_cache::bytes() const {
    std::int64_t sum = 0;
    for (list const& l : lists_) sum += payload_bytes(l.capacity, head_dim_, bits);
    return sum;
}

KVT_DECL std::int64_t kv_cache::entries() const {
    std::int64_t sum = 0;
    for (list const& l : lists_) sum += l.length();
    return sum;
}

KVT_DECL void kv_cache::allocate(list& l, std::int32_t entries) const {
    l.keys = std::make_unique_for_overwrite<float[]>(offset(entries));
    l.values = std::make_unique_for_overwrite<float[]>(offset(entries));
    l.capacity = entries;
}

KVT_DECL void kv_cache::grow(list& l, std::int32_t entries) const {
    list bigger;
    allocate(bigger, entries);
    std::copy_n(l.keys.get(), offset(l.length()), bigger.keys.get());
    std::copy_n(l.values.get(), offset(l.length()), bigger.values.get());
    bigger.positions = std::move(l.positions);
    l = std::move(bigger);
}

KVT_DECL kv_cache::list kv_cache::gathered(list const& from, std::span<std::int32_t const> slots) const {
    list to;
    allocate(to, static_cast<std::int32_t>(slots.size()));
    to.positions.reserve(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        auto const next = offset(static_cast<std::int32_t>(i));
        std::copy_n(from.keys.get() + offset(slots[i]), head_dim_, to.keys.get() + next);
        std::copy_n(from.values.get() + offset(slots[i]), head_dim_, to.values.get() + next);
        to.positions.push_back(from.positions[static_cast<std::size_t>(slots[i])]);
    }
    return to;
}

}  // namespace kvt::inline KVT_ABI::cache
