// The description of a table: a record's name in the database, its key, its references and its indexes.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/store/value.hpp>

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::store {

/// Up to four column names.
struct columns {
    std::array<std::string_view, 4> names{};
    std::size_t count = 0;

    constexpr columns() = default;
    constexpr columns(char const* name) : names{name}, count{1} {}  // NOLINT(google-explicit-constructor)
    constexpr columns(std::initializer_list<std::string_view> list) {
        for (auto name : list) names.at(count++) = name;
    }
    [[nodiscard]] constexpr auto begin() const { return names.begin(); }
    [[nodiscard]] constexpr auto end() const { return names.begin() + static_cast<std::ptrdiff_t>(count); }
};

/// `from` of this table holds the primary key of a row of `table`, or a null.
struct reference {
    columns from;
    std::string_view table;
    columns to;  ///< the columns of that table's primary key, in the order of `from`
};

struct index {
    std::string_view name;
    columns of;
};

/// What a table adds to its record: built by `KVT_TABLE`, read by every store.
struct table_rules {
    std::string_view name;
    columns primary{};
    std::array<reference, 4> foreign{};
    std::size_t foreign_count = 0;
    std::array<columns, 2> distinct{};
    std::size_t distinct_count = 0;
    std::array<index, 4> lookups{};
    std::size_t lookup_count = 0;

    /// The primary key; its columns are never null.
    [[nodiscard]] constexpr table_rules key(columns of) const {
        auto rules = *this;
        rules.primary = of;
        return rules;
    }
    /// `from` refers to the primary key of `table`; `to` names its columns where they are called otherwise.
    [[nodiscard]] constexpr table_rules refers(columns from, std::string_view table, columns to = {}) const {
        auto rules = *this;
        rules.foreign.at(rules.foreign_count++) = {from, table, to.count == 0 ? from : to};
        return rules;
    }
    /// No two rows agree in all of these columns, nulls aside.
    [[nodiscard]] constexpr table_rules unique(columns of) const {
        auto rules = *this;
        rules.distinct.at(rules.distinct_count++) = of;
        return rules;
    }
    /// An index for queries by these columns.
    [[nodiscard]] constexpr table_rules indexed(std::string_view index_name, columns of) const {
        auto rules = *this;
        rules.lookups.at(rules.lookup_count++) = {index_name, of};
        return rules;
    }
    [[nodiscard]] constexpr std::span<reference const> references() const { return {foreign.data(), foreign_count}; }
    [[nodiscard]] constexpr std::span<columns const> uniques() const { return {distinct.data(), distinct_count}; }
    [[nodiscard]] constexpr std::span<index const> indexes() const { return {lookups.data(), lookup_count}; }
};

/// A table without its type: what stores work on. Lives as long as the program.
struct table {
    table_rules rules;
    std::span<field const> fields;
};

/// How a column is kept. Integers and flags are INTEGER, numbers REAL, text and choices TEXT; lists, records and trees
/// are JSON in TEXT. Only optional fields may be null.
enum class column_type : std::uint8_t { integer, real, text };
KVT_CHOICE(column_type, "INTEGER", "REAL", "TEXT");

[[nodiscard]] column_type column_type_of(field const& f);
[[nodiscard]] constexpr bool nullable(field const& f) { return f.type->kind == field_kind::optional; }

/// Position of the column in the table's rows; throws `error{usage}` naming the table and the nearest column.
[[nodiscard]] std::size_t column_position(table const& t, std::string_view column);

/// Columns of a table by their positions; where a query takes them, none stands for all.
using positions = std::span<std::size_t const>;

/// A record that `KVT_TABLE` gave a table.
template <class R> concept stored = record<R> && requires(R* r) { kvt_table_rules(r); };

namespace detail {

template <stored R> inline constexpr table table_v{kvt_table_rules(static_cast<R*>(nullptr)), fields_of<R>()};

/// Names of fields, and whether a rule's columns are among them.
struct field_names {
    std::span<std::string_view const> all;

    [[nodiscard]] constexpr bool hold(columns const& named) const {
        for (auto name : named) {
            bool found = false;
            for (auto one : all) found = found || one == name;
            if (!found) return false;
        }
        return true;
    }
    /// Whether every column that a rule names is a field of the record.
    [[nodiscard]] constexpr bool fit(table_rules const& rules) const {
        bool good = hold(rules.primary);
        for (auto const& r : rules.references()) good = good && hold(r.from) && r.from.count == r.to.count;
        for (auto const& u : rules.uniques()) good = good && hold(u);
        for (auto const& i : rules.indexes()) good = good && hold(i.of);
        return good;
    }
};
/// Reads the names off the member list's type, so that a table which nobody uses instantiates nothing of its fields.
template <fixed_string... Names, auto... Pointers>
consteval bool consistent(member_list<member<Names, Pointers>...>, table_rules const& rules) {
    std::array<std::string_view, sizeof...(Names)> const names{Names.view()...};
    return field_names{names}.fit(rules);
}

[[nodiscard]] row to_row(table const& t, void const* record);
void from_row(table const& t, row cells, void* record);
/// Reads one column's cell into the member at that address.
void from_cell(table const& t, field const& f, value cell, void* member);

}  // namespace detail

/// The table of a record.
template <stored R> [[nodiscard]] constexpr table const& table_of() { return detail::table_v<R>; }

}  // namespace kvt::inline KVT_ABI::store

/// Gives a record its table, right below `KVT_RECORD` and in the same namespace. Rules follow the name as calls:
/// `KVT_TABLE(bin_row, "bins", .key({"dataset_id", "bin_idx"}).refers("dataset_id", "datasets"));`
#define KVT_TABLE(R, NAME, ...)                                                                                \
    [[maybe_unused]] constexpr ::kvt::store::table_rules kvt_table_rules(R*) {                                 \
        return ::kvt::store::table_rules{NAME} __VA_ARGS__;                                                    \
    }                                                                                                          \
    static_assert(                                                                                             \
        ::kvt::store::detail::consistent(::kvt::members_of<R>{}, ::kvt::store::table_rules{NAME} __VA_ARGS__), \
        "kvt: a rule of this table names a column that is not a field of its record, or a reference pairs "    \
        "different numbers of columns")

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/table.ipp>
#endif
