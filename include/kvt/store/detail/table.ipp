#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/nearest_name.hpp>
#include <kvt/store/table.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::store {

KVT_DECL column_type column_type_of(field const& f) {
    auto const* type = f.type->kind == field_kind::optional ? f.type->element : f.type;
    switch (type->kind) {
        case field_kind::flag:
        case field_kind::integer: return column_type::integer;
        case field_kind::real: return column_type::real;
        default: return column_type::text;
    }
}

KVT_DECL std::size_t column_position(table const& t, std::string_view column) {
    for (std::size_t i = 0; i < t.fields.size(); ++i)
        if (t.fields[i].name == column) return i;
    std::vector<std::string_view> names;
    for (auto const& f : t.fields) names.push_back(f.name);
    auto const near = nearest_name(column, names);
    throw error{error_kind::usage, "table " + std::string{t.rules.name}, "no column " + std::string{column},
                near.empty() ? "a field of its record" : near};
}

namespace detail {

KVT_DECL value cell_of(field_type const& type, void const* held) {
    switch (type.kind) {
        case field_kind::flag:
        case field_kind::integer: return type.get_integer(held);
        case field_kind::real: {
            double const v = type.get_real(held);
            return std::isnan(v) ? value{} : value{v};  // SQL has no NaN
        }
        case field_kind::text: return *static_cast<std::string const*>(held);
        case field_kind::choice: return type.choices[static_cast<std::size_t>(type.get_integer(held))];
        case field_kind::optional: return type.size(held) == 0 ? value{} : cell_of(*type.element, type.at(held, 0));
        default: return dump(kvt::detail::to_json(type, held));
    }
}

KVT_DECL row to_row(table const& t, void const* record) {
    row cells;
    cells.reserve(t.fields.size());
    for (auto const& f : t.fields) {
        cells.push_back(cell_of(*f.type, f.in(record)));
        bool const in_key = std::find(t.rules.primary.begin(), t.rules.primary.end(), f.name) != t.rules.primary.end();
        if (cells.back().is_null() && (in_key || !nullable(f)))
            throw error{error_kind::mismatch, std::string{t.rules.name} + "." + std::string{f.name},
                        in_key ? "null in the primary key" : "not a number where a number must stand"};
    }
    return cells;
}

/// The JSON value that the record's reader takes for a cell.
KVT_DECL json json_of_cell(field_type const& type, value cell, std::string_view where) {
    if (auto const* i = cell.integer())
        return type.kind == field_kind::flag && (*i == 0 || *i == 1) ? json{*i == 1} : json{*i};
    if (auto const* d = cell.real()) return *d;
    if (cell.is_null()) return nullptr;
    bool const nested =
        type.kind == field_kind::list || type.kind == field_kind::record || type.kind == field_kind::tree;
    return nested ? parse_json(*cell.text(), where) : json{std::move(*cell.text())};
}

KVT_DECL void from_cell(table const& t, field const& f, value cell, void* member) {
    auto const* type = f.type;
    if (type->kind == field_kind::optional) {
        type->clear(member);
        if (cell.is_null()) return;
        member = type->grow(member);
        type = type->element;
    }
    if (type->kind == field_kind::text && cell.text() != nullptr) {  // the common cases without a detour
        *static_cast<std::string*>(member) = std::move(*cell.text());
        return;
    }
    if (type->kind == field_kind::integer && cell.integer() != nullptr && type->set_integer(member, *cell.integer()))
        return;
    auto const where = std::string{t.rules.name} + "." + std::string{f.name};
    kvt::detail::from_json(*type, member, json_of_cell(*type, std::move(cell), where), where);
}

KVT_DECL void from_row(table const& t, row cells, void* record) {
    for (std::size_t i = 0; i < t.fields.size(); ++i)
        from_cell(t, t.fields[i], std::move(cells[i]), t.fields[i].of(record));
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI::store
