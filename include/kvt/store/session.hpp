// session: any store behind one type, with a lock; what stages ask the run context for.
#pragma once

#include <kvt/store/store.hpp>

namespace kvt::inline KVT_ABI::store {

namespace detail {

/// A store's operations without its type.
struct operations {
    void (*destroy)(void*);
    void (*create)(void*, table const&);
    void (*insert)(void*, table const&, row&&);
    void (*upsert)(void*, table const&, row&&);
    std::vector<row> (*select)(void*, table const&, where const&, order const&, std::size_t, positions);
    std::size_t (*count)(void*, table const&, where const&);
    std::size_t (*erase)(void*, table const&, where const&);
    void (*begin)(void*);
    void (*commit)(void*);
    void (*rollback)(void*);
    std::vector<std::string> (*tables)(void*);
    std::vector<std::string> (*check)(void*);
};

template <class S> S& as(void* p) { return *static_cast<S*>(p); }

template <class S>
inline constexpr operations operations_of{
    .destroy = [](void* p) { delete static_cast<S*>(p); },
    .create = [](void* p, table const& t) { as<S>(p).create(t); },
    .insert = [](void* p, table const& t, row&& r) { as<S>(p).insert(t, std::move(r)); },
    .upsert = [](void* p, table const& t, row&& r) { as<S>(p).upsert(t, std::move(r)); },
    .select = [](void* p, table const& t, where const& w, order const& o, std::size_t n,
                 positions wanted) { return as<S>(p).select(t, w, o, n, wanted); },
    .count = [](void* p, table const& t, where const& w) { return as<S>(p).count(t, w); },
    .erase = [](void* p, table const& t, where const& w) { return as<S>(p).erase(t, w); },
    .begin = [](void* p) { as<S>(p).begin(); },
    .commit = [](void* p) { as<S>(p).commit(); },
    .rollback = [](void* p) { as<S>(p).rollback(); },
    .tables = [](void* p) { return as<S>(p).tables(); },
    .check = [](void* p) { return as<S>(p).check(); },
};

}  // namespace detail

/// Owns a store. Calls may come from several threads: each holds the lock, and a transaction holds it until it ends, so
/// transactions of different threads follow one another. Movable while no call is under way.
class session {
  public:
    template <row_store S>
        requires(!std::same_as<std::remove_cvref_t<S>, session>)
    explicit session(S&& store)
        : session{new std::remove_cvref_t<S>(std::forward<S>(store)), &detail::operations_of<std::remove_cvref_t<S>>} {}
    session(session&& other) noexcept;
    session& operator=(session&& other) noexcept;
    ~session();

    void create(table const& t);
    void insert(table const& t, row cells);
    void upsert(table const& t, row cells);
    [[nodiscard]] std::vector<row> select(table const& t, where const& match, order const& by, std::size_t limit,
                                          positions wanted = {});
    [[nodiscard]] std::size_t count(table const& t, where const& match);
    std::size_t erase(table const& t, where const& match);
    void begin();
    void commit();
    void rollback();
    [[nodiscard]] std::vector<std::string> tables();
    [[nodiscard]] std::vector<std::string> check();

  private:
    struct state;
    session(void* object, detail::operations const* operations);
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::store

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/session.ipp>
#endif
