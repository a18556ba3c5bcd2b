#pragma once

#include <kvt/store/session.hpp>

#include <mutex>

namespace kvt::inline KVT_ABI::store {

struct session::state {
    void* object;
    detail::operations const* does;
    std::recursive_mutex lock;  // recursive: the owner of a transaction calls again
};

KVT_DECL session::session(void* object, detail::operations const* operations) : state_{nullptr} {
    try {
        state_ = new state{object, operations, {}};
    } catch (...) {
        operations->destroy(object);
        throw;
    }
}
KVT_DECL session::session(session&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
KVT_DECL session& session::operator=(session&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
KVT_DECL session::~session() {
    if (state_ == nullptr) return;
    state_->does->destroy(state_->object);
    delete state_;
}

KVT_DECL void session::create(table const& t) {
    std::scoped_lock const held{state_->lock};
    state_->does->create(state_->object, t);
}
KVT_DECL void session::insert(table const& t, row cells) {
    std::scoped_lock const held{state_->lock};
    state_->does->insert(state_->object, t, std::move(cells));
}
KVT_DECL void session::upsert(table const& t, row cells) {
    std::scoped_lock const held{state_->lock};
    state_->does->upsert(state_->object, t, std::move(cells));
}
KVT_DECL std::vector<row> session::select(table const& t, where const& match, order const& by, std::size_t limit,
                                          positions wanted) {
    std::scoped_lock const held{state_->lock};
    return state_->does->select(state_->object, t, match, by, limit, wanted);
}
KVT_DECL std::size_t session::count(table const& t, where const& match) {
    std::scoped_lock const held{state_->lock};
    return state_->does->count(state_->object, t, match);
}
KVT_DECL std::size_t session::erase(table const& t, where const& match) {
    std::scoped_lock const held{state_->lock};
    return state_->does->erase(state_->object, t, match);
}
KVT_DECL void session::begin() {
    std::unique_lock held{state_->lock};
    state_->does->begin(state_->object);
    held.release();  // until commit or rollback
}
KVT_DECL void session::commit() {
    state_->does->commit(state_->object);  // where it throws, the rollback that follows unlocks
    state_->lock.unlock();
}
KVT_DECL void session::rollback() {
    std::unique_lock const held{state_->lock, std::adopt_lock};
    state_->does->rollback(state_->object);
}
KVT_DECL std::vector<std::string> session::tables() {
    std::scoped_lock const held{state_->lock};
    return state_->does->tables(state_->object);
}
KVT_DECL std::vector<std::string> session::check() {
    std::scoped_lock const held{state_->lock};
    return state_->does->check(state_->object);
}

}  // namespace kvt::inline KVT_ABI::store
