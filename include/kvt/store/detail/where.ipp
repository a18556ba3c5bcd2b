#pragma once

#include <kvt/store/where.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::store::detail {

KVT_DECL value checked_value(table const& t, field const& f, value v) {
    if (v.is_null()) return v;
    auto const type = column_type_of(f);
    if (type == column_type::real && v.integer() != nullptr) return static_cast<double>(*v.integer());
    bool const fits = type == column_type::integer ? v.integer() != nullptr
                      : type == column_type::real  ? v.real() != nullptr
                                                   : v.text() != nullptr;
    if (fits) return v;
    throw error{error_kind::usage, std::string{t.rules.name} + "." + std::string{f.name},
                "compared with " + store::spelled(v), "a value of type " + std::string{name_of(type)}};
}

KVT_DECL where checked(table const& t, where const& match) {
    where out;
    for (auto const& c : match) {
        auto const& f = t.fields[column_position(t, c.column)];
        if (c.among.empty()) {
            out.emplace_back(c.column, checked_value(t, f, c.equals));
            continue;
        }
        auto const& s = c.among.front();
        auto const& other = s.from->fields[column_position(*s.from, s.column)];
        if (column_type_of(other) != column_type_of(f))
            throw error{error_kind::usage, std::string{t.rules.name} + "." + c.column,
                        "compared with " + std::string{s.from->rules.name} + "." + s.column + " of another type"};
        out.emplace_back(c.column, selection{s.from, s.column, checked(*s.from, s.match)});
    }
    return out;
}

KVT_DECL order checked(table const& t, order const& by) {
    order out = by;
    for (auto const& key : by) static_cast<void>(column_position(t, key.column));
    for (auto name : t.rules.primary)
        if (std::none_of(by.begin(), by.end(), [&](sort_key const& k) { return k.column == name; })) out.emplace_back(name);
    return out;
}

KVT_DECL std::string spelled(where const& match) {
    std::string out;
    for (auto const& c : match) {
        out += (out.empty() ? "" : ", ") + c.column;
        if (c.among.empty()) out += " = " + store::spelled(c.equals);
        else out += " from " + std::string{c.among.front().from->rules.name};
    }
    return out.empty() ? "every row" : out;
}

KVT_DECL where matching(table const& t, columns const& in, columns const& values_from, row const& r) {
    where out;
    for (std::size_t i = 0; i < in.count; ++i)
        out.emplace_back(in.names[i], r[column_position(t, values_from.names[i])]);
    return out;
}

}  // namespace kvt::inline KVT_ABI::store::detail
