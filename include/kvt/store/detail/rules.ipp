#pragma once

#include <kvt/store/store.hpp>

#include <algorithm>
#include <optional>

/// What a table's rules say about a change, worded once for every store.
namespace kvt::inline KVT_ABI::store::detail {

inline bool any_null(where const& match) {
    return std::any_of(match.begin(), match.end(), [](condition const& c) { return c.equals.is_null(); });
}

inline bool same_key(table const& t, row const& a, row const& b) {
    return std::all_of(t.rules.primary.begin(), t.rules.primary.end(), [&](std::string_view name) {
        auto const i = column_position(t, name);
        return a[i] == b[i];
    });
}

inline error taken(table const& t, where const& key) {
    return {error_kind::mismatch, "table " + std::string{t.rules.name}, "there is a row with " + spelled(key) + " already",
            "a new key"};
}

/// The primary key or unique rule that the row would break. `replacing`: a row of the same primary key gives way.
template <class S> std::optional<error> broken_key(S& s, table const& t, row const& r, bool replacing) {
    if (t.rules.primary.count > 0 && !replacing) {
        auto const key = matching(t, t.rules.primary, t.rules.primary, r);
        if (s.count(t, key) > 0) return taken(t, key);
    }
    for (auto const& unique : t.rules.uniques()) {
        auto const key = matching(t, unique, unique, r);
        if (any_null(key)) continue;
        for (auto const& other : s.select(t, key, {}, 2))
            if (!replacing || !same_key(t, other, r)) return taken(t, key);
    }
    return std::nullopt;
}

inline error dangling(table const& t, reference const& ref, where const& key) {
    std::string from;
    for (auto name : ref.from) from += (from.empty() ? "" : ", ") + std::string{name};
    return {error_kind::mismatch, "table " + std::string{t.rules.name} + ", column " + from,
            "refers to a row of " + std::string{ref.table} + " that is not there (" + spelled(key) + ")", "that row first"};
}

inline error still_needed(table const& t, where const& match, std::string const& by) {
    return {error_kind::mismatch, "table " + std::string{t.rules.name},
            "rows with " + spelled(match) + " cannot go while rows of " + by + " refer to them", "those rows removed first"};
}

inline error no_table(std::string_view name) {
    return {error_kind::missing, "table " + std::string{name}, "is not in the store", "`kvt prepare` first"};
}
inline error no_key(table const& t) {
    return {error_kind::usage, "table " + std::string{t.rules.name}, "has no primary key to replace a row by", "insert"};
}
inline error no_transaction() { return {error_kind::usage, "store", "commit or rollback without a transaction"}; }

}  // namespace kvt::inline KVT_ABI::store::detail
