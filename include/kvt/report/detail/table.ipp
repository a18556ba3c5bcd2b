#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/nearest_name.hpp>
#include <kvt/report/plain_text.hpp>
#include <kvt/report/table.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::report {

KVT_DECL table& table::add(std::vector<std::string> cells) {
    if (cells.size() != columns.size())
        throw error{error_kind::usage, "table", "a row of " + std::to_string(cells.size()) + " cells",
                    std::to_string(columns.size()) + " as there are columns"};
    rows.push_back(std::move(cells));
    return *this;
}

namespace detail {

KVT_DECL field const& field_named(std::span<field const> fields, std::string_view name) {
    for (auto const& f : fields)
        if (f.name == name) return f;
    std::vector<std::string_view> names;
    for (auto const& f : fields) names.push_back(f.name);
    auto const near = nearest_name(name, names);
    throw error{error_kind::usage, "table column",
                "no field \"" + std::string{name} + "\"" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)")};
}

KVT_DECL field_type const& without_optional(field_type const& type) {
    return type.kind == field_kind::optional ? without_optional(*type.element) : type;
}

/// A field reached through a dotted path; `value` is null where an optional on the way is empty (or no record is given).
struct reached {
    field_type const* type;
    void const* value;
};
KVT_DECL reached reach(std::span<field const> fields, void const* record, std::string_view path) {
    auto const dot = path.find('.');
    auto const& f = field_named(fields, path.substr(0, dot));
    reached at{f.type, record == nullptr ? nullptr : f.in(record)};
    while (at.type->kind == field_kind::optional) {
        at.value = at.value == nullptr || at.type->size(at.value) == 0 ? nullptr : at.type->at(at.value, 0);
        at.type = at.type->element;
    }
    if (dot == path.npos) return at;
    return reach(at.type->fields, at.value, path.substr(dot + 1));
}

KVT_DECL std::string bytes_text(double bytes) {
    if (bytes < 1024) return fixed(bytes, 0) + " B";
    static constexpr std::string_view units[] = {"KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (bytes /= 1024; bytes >= 1023.95 && unit + 1 < std::size(units); ++unit) bytes /= 1024;
    return fixed(bytes, 1) + " " + std::string{units[unit]};
}

KVT_DECL std::string number_text(double value, cell_format format) {
    switch (format) {
        case cell_format::budget: return fixed(value, 2);
        case cell_format::tokens: return fixed(value, 1);
        case cell_format::percent: return std::isfinite(value) ? fixed(100 * value, 1) + "%" : "N/A";
        case cell_format::bytes: return std::isfinite(value) ? bytes_text(value) : "N/A";
        default: return fixed(value, 3);
    }
}

KVT_DECL table start_table(std::span<field const> fields, std::vector<column>& columns, std::string caption) {
    if (columns.empty())
        for (auto const& f : fields) columns.push_back({std::string{f.name}});
    table out{.caption = std::move(caption)};
    for (auto const& c : columns) {
        auto const kind = reach(fields, nullptr, c.field).type->kind;
        if (!c.upper.empty()) (void)reach(fields, nullptr, c.upper);
        bool const number = (kind == field_kind::integer || kind == field_kind::real) && c.format != cell_format::code;
        auto label = c.label.empty() ? c.field : c.label;
        if (c.label.empty()) std::replace(label.begin(), label.end(), '_', ' ');
        out.columns.push_back({std::move(label), number ? cell_align::right : cell_align::left,
                               c.format == cell_format::code ? cell_face::code : cell_face::text});
    }
    return out;
}

KVT_DECL void append_record(table& t, std::span<field const> fields, std::span<column const> columns,
                            void const* record) {
    auto& row = t.rows.emplace_back();
    for (auto const& c : columns) {
        auto const low = reach(fields, record, c.field);
        auto text = low.value == nullptr ? "N/A" : cell_text(*low.type, low.value, c.format);
        if (!c.upper.empty()) {
            auto const high = reach(fields, record, c.upper);
            auto const end = high.value == nullptr ? "N/A" : cell_text(*high.type, high.value, c.format);
            text = text == "N/A" || end == "N/A" ? "N/A" : "[" + text + ", " + end + "]";
        }
        row.push_back(std::move(text));
    }
}

}  // namespace detail

KVT_DECL std::string cell_text(field_type const& type, void const* value, cell_format format) {
    bool const written_out = format == cell_format::automatic || format == cell_format::code;
    switch (type.kind) {
        case field_kind::optional:
            return type.size(value) == 0 ? "N/A" : cell_text(*type.element, type.at(value, 0), format);
        case field_kind::flag: return type.get_integer(value) != 0 ? "yes" : "no";
        case field_kind::integer:
            return written_out ? std::to_string(type.get_integer(value))
                               : detail::number_text(static_cast<double>(type.get_integer(value)), format);
        case field_kind::real: return detail::number_text(type.get_real(value), format);
        case field_kind::list: {
            std::string out;
            for (std::size_t i = 0; i < type.size(value); ++i)
                out += (i > 0 ? ", " : "") + cell_text(*type.element, type.at(value, i), format);
            return out;
        }
        default: break;
    }
    auto const tree = kvt::detail::to_json(type, value);
    if (tree.is_null()) return "N/A";
    return tree.is_text() ? tree.text() : dump(tree);
}

KVT_DECL std::string print_table(table const& t, std::size_t widest) {
    std::vector<std::vector<std::string>> lines(1);
    for (auto const& c : t.columns) lines[0].push_back(clipped(plain_text(c.label), widest));
    for (auto const& row : t.rows) {
        auto& line = lines.emplace_back();
        for (auto const& cell : row) line.push_back(clipped(plain_text(cell), widest));
    }
    std::vector<std::size_t> widths(t.columns.size(), 0);
    for (auto const& line : lines)
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));

    std::string out = t.caption.empty() ? "" : plain_text(t.caption) + "\n";
    auto const emit = [&](std::vector<std::string> const& line) {
        std::string text;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            std::string const gap(widths[i] - display_width(line[i]), ' ');
            text += i > 0 ? "  " : "";
            text += t.columns[i].align == cell_align::right ? gap + line[i] : line[i] + gap;
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    };
    emit(lines[0]);
    std::vector<std::string> rule;
    for (auto width : widths) rule.emplace_back(width, '-');
    emit(rule);
    for (std::size_t i = 1; i < lines.size(); ++i) emit(lines[i]);
    return out;
}

}  // namespace kvt::inline KVT_ABI::report
