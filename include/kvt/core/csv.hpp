// CSV (RFC 4180): any record as a row, and rows back as records.
#pragma once

#include <kvt/core/record.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI {

/// Splits CSV text into rows of cells: quoted cells, doubled quotes, CRLF or LF, a byte-order mark at the start.
/// Throws `error{malformed}` naming `where` and the line of an unclosed quote.
[[nodiscard]] std::vector<std::vector<std::string>> parse_csv(std::string_view text, std::string_view where = "CSV");

namespace detail {
/// `parse_csv`, and the line on which each row starts.
[[nodiscard]] std::vector<std::vector<std::string>> parse_csv(std::string_view text, std::string_view where,
                                                              std::vector<std::size_t>& lines);
/// Header and rows; `records` are `count` records, each `stride` bytes behind the one before.
[[nodiscard]] std::string to_csv(std::span<field const> fields, void const* records, std::size_t count,
                                 std::size_t stride);
void append_csv_row(std::string& out, std::span<field const> fields, void const* record);
/// Reads cells into a record by header name; `line` is named in errors.
void read_csv_row(std::span<field const> fields, std::span<std::string const> header,
                  std::span<std::string const> cells, void* record, std::string_view where, std::size_t line);
}  // namespace detail

/// Header line and one line per record; nested records and lists are written as compact JSON in their cell.
template <record R> [[nodiscard]] std::string to_csv(std::span<R const> rows) {
    return detail::to_csv(fields_of<R>(), rows.data(), rows.size(), sizeof(R));
}

/// The header line alone, and a record's line alone: for files that are appended to.
template <record R> [[nodiscard]] std::string csv_header() { return to_csv<R>(std::span<R const>{}); }
template <record R> void append_csv(std::string& out, R const& row) {
    detail::append_csv_row(out, fields_of<R>(), &row);
}

/// Rows by header name, in any column order; unknown columns are ignored, a missing required one is an error.
template <record R> [[nodiscard]] std::vector<R> from_csv(std::string_view text, std::string_view where = "CSV") {
    std::vector<std::size_t> lines;
    auto const cells = detail::parse_csv(text, where, lines);
    std::vector<R> rows;
    for (std::size_t i = 1; i < cells.size(); ++i)
        detail::read_csv_row(fields_of<R>(), cells[0], cells[i], &rows.emplace_back(), where, lines[i]);
    return rows;
}

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/csv.ipp>
#endif
