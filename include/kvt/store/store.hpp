// The store contract, and how records are kept in anything that meets it.
#pragma once

#include <kvt/store/where.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::store {

/// Keeps rows of described tables: what is written is read back, rules of a table hold at every moment, and a
/// transaction that is rolled back leaves nothing. `begin` nests: an inner rollback undoes only the inner part.
/// Violations throw `error{mismatch}` naming table and key. Used from one thread at a time; `session` adds the lock.
/// Satisfied by `memory`, `sqlite` and `session`.
template <class S>
concept row_store = requires(S& s, table const& t, row cells, where const& match, order const& by, std::size_t limit,
                             positions wanted) {
    s.create(t);                    // idempotent; adds columns that the table lacks
    s.insert(t, std::move(cells));  // refuses an existing key
    s.upsert(t, std::move(cells));  // replaces the row of that key in place; needs a primary key
    { s.select(t, match, by, limit) } -> std::same_as<std::vector<row>>;
    { s.select(t, match, by, limit, wanted) } -> std::same_as<std::vector<row>>;  // cells of these columns only
    { s.count(t, match) } -> std::same_as<std::size_t>;
    { s.erase(t, match) } -> std::same_as<std::size_t>;  // how many rows went
    s.begin();
    s.commit();
    s.rollback();
    { s.tables() } -> std::same_as<std::vector<std::string>>;  // names of all tables, sorted
    { s.check() } -> std::same_as<std::vector<std::string>>;   // what is damaged, one line each
};

namespace detail {

/// The column that a member pointer names.
template <auto Pointer> struct column_of;
template <class R, class T, T R::*Pointer> struct column_of<Pointer> {
    static_assert(stored<R>, "kvt: columns are chosen from a record that KVT_TABLE gave a table");
    using record = R;
    using type = T;
    static constexpr std::size_t position = []<class... M>(member_list<M...>) {
        std::size_t i = 0;
        static_cast<void>(((std::same_as<M, member<M::label, Pointer>> || (++i, false)) || ...));
        return i;
    }(members_of<R>{});
    static_assert(position < fields_of<R>().size(), "kvt: the chosen member is not one that KVT_RECORD names");
};

}  // namespace detail

/// Creates the records' tables where they are not there yet, in one transaction.
template <stored... R, row_store S> void create_tables(S& s) {
    transaction(s, [&] { (s.create(table_of<R>()), ...); });
}

/// Adds a row; its key must be new.
template <row_store S, stored R> void insert(S& s, R const& r) {
    s.insert(table_of<R>(), detail::to_row(table_of<R>(), &r));
}
/// Adds rows in one transaction.
template <row_store S, stored R> void insert_all(S& s, std::span<R const> rows) {
    transaction(s, [&] {
        for (auto const& r : rows) insert(s, r);
    });
}
template <row_store S, stored R> void insert_all(S& s, std::vector<R> const& rows) {
    insert_all(s, std::span<R const>{rows});
}

/// Adds a row or replaces the one of the same primary key; rows that refer to it stay.
template <row_store S, stored R> void upsert(S& s, R const& r) {
    s.upsert(table_of<R>(), detail::to_row(table_of<R>(), &r));
}

/// The matching records in order.
template <stored R, row_store S>
[[nodiscard]] std::vector<R> select(S& s, where const& match = {}, order const& by = {}, std::size_t limit = no_limit) {
    std::vector<R> out;
    auto rows = s.select(table_of<R>(), match, by, limit);
    out.reserve(rows.size());
    for (auto& cells : rows) detail::from_row(table_of<R>(), std::move(cells), &out.emplace_back());
    return out;
}

/// Some members of the matching records in order, one tuple a row; the other columns are not read:
/// `for (auto const& [idx, bin] : select_columns<&entry_row::entry_idx, &entry_row::bin_idx>(s, {{"dataset_id", id}}))`.
template <auto First, auto... Rest, row_store S>
[[nodiscard]] auto select_columns(S& s, where const& match = {}, order const& by = {}, std::size_t limit = no_limit) {
    using record = typename detail::column_of<First>::record;
    static_assert((std::same_as<record, typename detail::column_of<Rest>::record> && ...),
                  "kvt: columns of one record are chosen together");
    static constexpr std::array wanted{detail::column_of<First>::position, detail::column_of<Rest>::position...};
    auto const& t = table_of<record>();
    std::vector<std::tuple<typename detail::column_of<First>::type, typename detail::column_of<Rest>::type...>> out;
    for (auto& cells : s.select(t, match, by, limit, wanted))
        std::apply(
            [&, i = std::size_t{0}](auto&... members) mutable {
                ((detail::from_cell(t, t.fields[wanted[i]], std::move(cells[i]), &members), ++i), ...);
            },
            out.emplace_back());
    return out;
}

/// The first matching record in order, or nothing.
template <stored R, row_store S>
[[nodiscard]] std::optional<R> first(S& s, where const& match = {}, order const& by = {}) {
    auto found = select<R>(s, match, by, 1);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

template <stored R, row_store S> [[nodiscard]] std::size_t count(S& s, where const& match = {}) {
    return s.count(table_of<R>(), match);
}

/// Removes the matching rows and says how many; refused where rows of other tables still refer to them.
template <stored R, row_store S> std::size_t erase(S& s, where const& match = {}) {
    return s.erase(table_of<R>(), match);
}

/// Whether the record's table is there, for commands that must refuse a database that was never prepared.
template <stored R, row_store S> [[nodiscard]] bool has_table(S& s) {
    for (auto const& name : s.tables())
        if (name == table_of<R>().rules.name) return true;
    return false;
}

/// Calls `f()` in a transaction and returns its result; an exception rolls back and goes on. Nests.
template <row_store S, class F> auto transaction(S& s, F&& f) {
    s.begin();
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
            std::forward<F>(f)();
            s.commit();
        } else {
            auto result = std::forward<F>(f)();
            s.commit();
            return result;
        }
    } catch (...) {
        s.rollback();
        throw;
    }
}

}  // namespace kvt::inline KVT_ABI::store
