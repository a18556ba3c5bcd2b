#pragma once

#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>

#include <algorithm>
#include <charconv>

namespace kvt::inline KVT_ABI {

KVT_DECL std::vector<std::vector<std::string>> detail::parse_csv(std::string_view text, std::string_view where,
                                                                 std::vector<std::size_t>& lines) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::vector<std::string>> rows;
    std::size_t line = 1, i = 0;
    while (i < text.size()) {
        auto& row = rows.emplace_back();
        lines.push_back(line);
        bool more = true;
        while (more) {
            std::string cell;
            if (i < text.size() && text[i] == '"') {
                std::size_t const opened = line;
                for (++i;; ++i) {
                    if (i >= text.size())
                        throw error{error_kind::malformed, std::string{where} + ":" + std::to_string(opened),
                                    "a quoted cell is not closed"};
                    if (text[i] == '\n') ++line;
                    if (text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"')) break;
                    if (text[i] == '"') ++i;
                    cell += text[i];
                }
                ++i;
            }
            while (i < text.size() && text[i] != ',' && text[i] != '\n' && text[i] != '\r') cell += text[i++];
            row.push_back(std::move(cell));
            more = i < text.size() && text[i] == ',';
            if (more) ++i;
        }
        bool const ended = i < text.size() && text[i] == '\r';
        if (ended) ++i;
        if (i < text.size() && text[i] == '\n') ++i, ++line;
        else if (ended) ++line;
    }
    return rows;
}
KVT_DECL std::vector<std::vector<std::string>> parse_csv(std::string_view text, std::string_view where) {
    std::vector<std::size_t> lines;
    return detail::parse_csv(text, where, lines);
}

namespace detail {

KVT_DECL void append_csv_cell(std::string& out, std::string_view cell) {
    if (cell.find_first_of(",\"\r\n") == cell.npos) return void(out += cell);
    out += '"';
    for (char c : cell) out.append(c == '"' ? 2 : 1, c);
    out += '"';
}

KVT_DECL void append_csv_header(std::string& out, std::span<field const> fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += ',';
        append_csv_cell(out, fields[i].name);
    }
    out += '\n';
}

/// The kind of a cell that is not empty.
inline field_kind cell_kind(field const& f) {
    return f.type->kind == field_kind::optional ? f.type->element->kind : f.type->kind;
}

KVT_DECL void append_csv_row(std::string& out, std::span<field const> fields, void const* record) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += ',';
        auto const value = to_json(*fields[i].type, fields[i].in(record));
        if (value.is_null()) continue;
        if (value.is_text()) append_csv_cell(out, value.text());
        else if (cell_kind(fields[i]) == field_kind::real) out += shortest(value.real());  // NaN and infinities too
        else append_csv_cell(out, dump(value));
    }
    out += '\n';
}

KVT_DECL std::string to_csv(std::span<field const> fields, void const* records, std::size_t count,
                            std::size_t stride) {
    std::string out;
    append_csv_header(out, fields);
    auto const* record = static_cast<std::byte const*>(records);
    for (std::size_t i = 0; i < count; ++i, record += stride) append_csv_row(out, fields, record);
    return out;
}

/// The JSON value a cell stands for, given the type it is meant for; `place` is named in errors.
KVT_DECL json cell_value(field_type const& type, std::string const& cell, std::string_view place) {
    switch (type.kind) {
        case field_kind::optional: return cell.empty() ? json{} : cell_value(*type.element, cell, place);
        case field_kind::flag:
            if (cell == "true" || cell == "1") return true;
            if (cell == "false" || cell == "0") return false;
            return cell;
        case field_kind::integer: {
            std::int64_t v = 0;
            auto const [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), v);
            return code == std::errc{} && end == cell.data() + cell.size() ? json{v} : json{cell};
        }
        case field_kind::real: {
            double v = 0;
            auto const [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), v);
            return code == std::errc{} && end == cell.data() + cell.size() ? json{v} : json{cell};
        }
        case field_kind::tree: return cell.empty() ? json{} : parse_json(cell, place);  // null is written as nothing
        case field_kind::list:
        case field_kind::record: return parse_json(cell, place);
        default: return cell;
    }
}

KVT_DECL void read_csv_row(std::span<field const> fields, std::span<std::string const> header,
                           std::span<std::string const> cells, void* record, std::string_view where, std::size_t line) {
    auto const at = std::string{where} + ":" + std::to_string(line);
    if (cells.size() != header.size())
        throw error{error_kind::malformed, at, std::to_string(cells.size()) + " cells",
                    std::to_string(header.size()) + " as in the header"};
    for (auto const& f : fields) {
        auto const column = std::find(header.begin(), header.end(), f.name);
        if (column == header.end()) {
            if (!f.required()) continue;
            throw error{error_kind::missing, std::string{where}, "no column \"" + std::string{f.name} + "\""};
        }
        auto const& cell = cells[static_cast<std::size_t>(column - header.begin())];
        auto const place = at + ", column " + std::string{f.name};
        auto const value = cell_value(*f.type, cell, place);
        auto const kind = cell_kind(f);
        bool const number = kind == field_kind::integer || kind == field_kind::real;
        if (number && value.is_text())
            throw error{error_kind::malformed, place, "\"" + cell + "\"",
                        kind == field_kind::integer ? "an integer" : "a number"};
        from_json(*f.type, f.of(record), value, place);
    }
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI
