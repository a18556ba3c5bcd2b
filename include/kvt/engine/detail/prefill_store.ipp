#pragma once

#include <kvt/engine/prefill_store.hpp>

#include <iterator>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL std::shared_ptr<prefill const> prefill_store::find(std::string const& key, cache::observation_needs needs) {
    std::lock_guard const lock{guard_};
    auto const at = by_key_.find(key);
    if (at == by_key_.end() || !at->second->value->seen.needs().covers(needs)) return nullptr;
    entries_.splice(entries_.begin(), entries_, at->second);
    return at->second->value;
}

KVT_DECL void prefill_store::keep(std::string const& key, std::shared_ptr<prefill const> value) {
    std::int64_t const bytes = value->bytes();
    std::lock_guard const lock{guard_};
    if (auto const at = by_key_.find(key); at != by_key_.end()) drop(at->second);
    if (bytes > limit_) return;
    entries_.push_front({key, std::move(value), bytes});
    by_key_[key] = entries_.begin();
    bytes_ += bytes;
    while (bytes_ > limit_) drop(std::prev(entries_.end()));
}

KVT_DECL void prefill_store::drop(std::list<entry>::iterator which) {
    bytes_ -= which->bytes;
    by_key_.erase(which->key);
    entries_.erase(which);
}

KVT_DECL std::int64_t prefill_store::bytes() const {
    std::lock_guard const lock{guard_};
    return bytes_;
}
KVT_DECL std::size_t prefill_store::size() const {
    std::lock_guard const lock{guard_};
    return entries_.size();
}

}  // namespace kvt::inline KVT_ABI::engine
