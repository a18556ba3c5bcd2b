#pragma once

#include <kvt/engine/prefill_store.hpp>

#include <chrono>
#include <iterator>
#include <new>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL prefill_store::found_or_claimed prefill_store::find_or_claim(std::string const& key,
                                                                      cache::observation_needs needs,
                                                                      function_view<bool()> go_on) {
    auto const own = std::make_shared<work>();
    found_or_claimed out;  // complete before the key is taken: from then on nothing may throw
    out.mine.key_ = key, out.mine.own_ = own;
    for (;;) {
        if (auto kept = find(key, needs)) return {std::move(kept), {}};
        std::unique_lock lock{guard_};
        auto const [at, mine] = under_way_.try_emplace(key, own);
        if (mine) {
            out.mine.store_ = this;
            return out;
        }
        auto const others = at->second;
        while (!others->done) {
            work_done_.wait_for(lock, std::chrono::milliseconds{20});
            if (!others->done && !go_on()) return {};
        }
        if (others->value != nullptr && others->value->seen.needs().covers(needs)) return {others->value, {}};
    }
}

KVT_DECL void prefill_store::claim::finish(std::shared_ptr<prefill const> value) {
    auto* const store = std::exchange(store_, nullptr);
    if (store == nullptr) return;
    try {
        if (value != nullptr) store->keep(key_, value);
    } catch (std::bad_alloc const&) {
        // not kept; those who wait still get it
    }
    std::lock_guard const lock{store->guard_};
    own_->value = std::move(value), own_->done = true;
    store->under_way_.erase(key_);
    store->work_done_.notify_all();
}

KVT_DECL std::shared_ptr<prefill const> prefill_store::find(std::string const& key, cache::observation_needs needs) {
    std::lock_guard const lock{guard_};
    ++lookups_;
    auto const at = by_key_.find(key);
    if (at == by_key_.end() || !at->second->value->seen.needs().covers(needs)) return nullptr;
    at->second->last_use = lookups_;
    entries_.splice(entries_.begin(), entries_, at->second);
    return at->second->value;
}

KVT_DECL void prefill_store::keep(std::string const& key, std::shared_ptr<prefill const> value) {
    std::int64_t const bytes = value->bytes();
    std::lock_guard const lock{guard_};
    if (bytes > limit_) return;
    auto const old = [&] { return by_key_.find(key); };
    auto const room = [&] { return limit_ - bytes_ + (old() != by_key_.end() ? old()->second->bytes : 0); };
    while (room() < bytes && lookups_ - entries_.back().last_use > patience * entries_.size())
        drop(std::prev(entries_.end()));
    if (room() < bytes) return;
    if (old() != by_key_.end()) drop(old()->second);
    std::list<entry> fresh;
    fresh.push_back({key, std::move(value), bytes, lookups_});
    by_key_.emplace(key, fresh.begin());
    entries_.splice(entries_.begin(), fresh);
    bytes_ += bytes;
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
