#pragma once

#include <kvt/store/where.hpp>

#include <string>
#include <vector>

/// SQL texts from table descriptions. Values are always bound, names always quoted.
namespace kvt::inline KVT_ABI::store::detail {

inline std::string quoted_name(std::string_view name) {
    std::string out = "\"";
    for (char c : name) out.append(c == '"' ? 2 : 1, c);
    return out + '"';
}

template <class Names> std::string listed(Names const& names) {
    std::string out;
    for (auto name : names) out += (out.empty() ? "" : ", ") + quoted_name(name);
    return out;
}

/// Names of these columns; none: of all.
inline std::vector<std::string_view> column_names(table const& t, positions wanted = {}) {
    std::vector<std::string_view> names;
    for (auto i : wanted) names.push_back(t.fields[i].name);
    if (wanted.empty())
        for (auto const& f : t.fields) names.push_back(f.name);
    return names;
}

inline bool in_key(table const& t, field const& f) {
    for (auto name : t.rules.primary)
        if (name == f.name) return true;
    return false;
}

inline std::string sql_column(table const& t, field const& f) {
    return quoted_name(f.name) + " " + std::string{name_of(column_type_of(f))} +
           (nullable(f) && !in_key(t, f) ? "" : " NOT NULL");
}

inline std::string sql_create(table const& t) {
    std::string out = "CREATE TABLE " + quoted_name(t.rules.name) + " (";
    for (std::size_t i = 0; i < t.fields.size(); ++i) out += (i > 0 ? ", " : "") + sql_column(t, t.fields[i]);
    if (t.rules.primary.count > 0) out += ", PRIMARY KEY (" + listed(t.rules.primary) + ")";
    for (auto const& r : t.rules.references())
        out += ", FOREIGN KEY (" + listed(r.from) + ") REFERENCES " + quoted_name(r.table) + " (" + listed(r.to) + ")";
    return out + ") STRICT";
}

/// The literal that reads back as a default value of the type.
inline std::string sql_default(field_type const& type) {
    switch (type.kind) {
        case field_kind::flag:
        case field_kind::integer:
        case field_kind::real: return "0";
        case field_kind::choice: return "'" + std::string{type.choices.front()} + "'";
        case field_kind::list: return "'[]'";
        case field_kind::record: return "'{}'";  // absent members keep their defaults
        case field_kind::tree: return "'null'";
        default: return "''";
    }
}

/// Rows that are there already get the type's default in a column that may not be null.
inline std::string sql_add_column(table const& t, field const& f) {
    auto const out = "ALTER TABLE " + quoted_name(t.rules.name) + " ADD COLUMN " + sql_column(t, f);
    return nullable(f) ? out : out + " DEFAULT " + sql_default(*f.type);
}

inline std::vector<std::string> sql_indexes(table const& t) {
    std::vector<std::string> out;
    auto const on = [&](columns const& of) { return " ON " + quoted_name(t.rules.name) + " (" + listed(of) + ")"; };
    for (auto const& u : t.rules.uniques()) {
        auto name = "uq_" + std::string{t.rules.name};
        for (auto column : u) name += "_" + std::string{column};
        out.push_back("CREATE UNIQUE INDEX IF NOT EXISTS " + quoted_name(name) + on(u));
    }
    for (auto const& i : t.rules.indexes())
        out.push_back("CREATE INDEX IF NOT EXISTS " + quoted_name(i.name) + on(i.of));
    return out;
}

inline std::string sql_insert(table const& t) {
    std::string marks;
    for (std::size_t i = 0; i < t.fields.size(); ++i) marks += i > 0 ? ", ?" : "?";
    return "INSERT INTO " + quoted_name(t.rules.name) + " (" + listed(column_names(t)) + ") VALUES (" + marks + ")";
}

inline std::string sql_upsert(table const& t) {
    std::string changes;
    for (auto const& f : t.fields)
        if (!in_key(t, f))
            changes += (changes.empty() ? "" : ", ") + quoted_name(f.name) + " = excluded." + quoted_name(f.name);
    return sql_insert(t) + " ON CONFLICT (" + listed(t.rules.primary) + ") DO " +
           (changes.empty() ? "NOTHING" : "UPDATE SET " + changes);
}

/// The conditions as a WHERE clause; appends the values to bind.
inline std::string sql_where(where const& match, std::vector<value>& cells) {
    std::string out;
    for (auto const& c : match) {
        out += (out.empty() ? " WHERE " : " AND ") + quoted_name(c.column);
        if (!c.among.empty()) {
            auto const& s = c.among.front();
            out += " IN (SELECT " + quoted_name(s.column) + " FROM " + quoted_name(s.from->rules.name) +
                   sql_where(s.match, cells) + ")";
        } else if (c.equals.is_null()) {
            out += " IS NULL";
        } else {
            out += " = ?";
            cells.push_back(c.equals);
        }
    }
    return out;
}

/// The rows of these columns (a list of quoted names); appends the values to bind, without the limit.
inline std::string sql_select(table const& t, std::string_view wanted, where const& match, order const& by,
                              std::vector<value>& cells) {
    auto out = "SELECT " + std::string{wanted} + " FROM " + quoted_name(t.rules.name) + sql_where(match, cells);
    std::string keys;
    for (auto const& k : by)
        keys += (keys.empty() ? " ORDER BY " : ", ") + quoted_name(k.column) + (k.way == descending ? " DESC" : "");
    return out + (keys.empty() ? " ORDER BY rowid" : keys) + " LIMIT ?";
}

}  // namespace kvt::inline KVT_ABI::store::detail
