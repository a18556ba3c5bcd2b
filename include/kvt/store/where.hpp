// Conditions and order of a query: equalities, membership in another query's column, and sort keys.
#pragma once

#include <kvt/store/table.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::store {

struct condition;
/// All conditions hold; empty: every row. A null value asks for null.
using where = std::vector<condition>;

/// The values of one column in the matching rows of a table.
struct selection {
    table const* from = nullptr;
    std::string column;
    where match;
};

/// `column` equals `equals`, or is one of the values of `among`.
struct condition {
    std::string column;
    value equals;
    std::vector<selection> among;  ///< at most one

    condition(std::string_view name, value v) : column{name}, equals{std::move(v)} {}
    condition(std::string_view name, selection s) : column{name} { among.push_back(std::move(s)); }
};

/// For conditions over two tables:
/// `select<score_row>(s, {{"request_id", values_of<request_row>("request_id", {{"run_id", id}})}})`.
template <stored R> [[nodiscard]] selection values_of(std::string_view column, where match = {}) {
    return {&table_of<R>(), std::string{column}, std::move(match)};
}

enum class direction : std::uint8_t { ascending, descending };
inline constexpr direction ascending = direction::ascending;
inline constexpr direction descending = direction::descending;

/// One key of an order. Nulls come first; ties fall to the next key, at last to the primary key.
struct sort_key {
    std::string column;
    store::direction way = ascending;

    sort_key(char const* name, store::direction d = ascending) : column{name}, way{d} {}       // NOLINT(google-explicit-constructor)
    sort_key(std::string_view name, store::direction d = ascending) : column{name}, way{d} {}  // NOLINT(google-explicit-constructor)
};
/// Empty: by primary key, or by insertion where the table has none.
using order = std::vector<sort_key>;

inline constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

namespace detail {
/// The conditions with their values in the columns' own types (an integer for a REAL column becomes a double); throws
/// `error{usage}` naming table and column where a column is unknown or a value of another type.
[[nodiscard]] where checked(table const& t, where const& match);
/// The order with the primary key behind it; throws `error{usage}` on an unknown column.
[[nodiscard]] order checked(table const& t, order const& by);
/// The conditions as messages show them: `run_id = "a", entry_idx = 3`.
[[nodiscard]] std::string spelled(where const& match);
/// Conditions that pick the rows which agree with `r` in these columns.
[[nodiscard]] where matching(table const& t, columns const& in, columns const& values_from, row const& r);
}  // namespace detail

}  // namespace kvt::inline KVT_ABI::store

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/where.ipp>
#endif
