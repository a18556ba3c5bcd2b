// Tables: from the fields of any records, and printed for a terminal.
#pragma once

#include <kvt/core/record.hpp>

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::report {

/// How a field is written. Null is "N/A", and 0 is written as 0.
enum class cell_format : std::uint8_t {
    automatic,  ///< reals as `score`, flags as yes or no, lists separated by commas, the rest as it is
    score,      ///< accuracies and latencies in seconds: 0.123
    budget,     ///< 0.20
    tokens,     ///< 123.4
    percent,    ///< a share of 1, as 12.3%
    bytes,      ///< 512 B, 1.5 KiB, 2.0 MiB, ...
    code,       ///< identifiers: shown in a fixed-width face
};
KVT_CHOICE(cell_format, "automatic", "score", "budget", "tokens", "percent", "bytes", "code");

enum class cell_align : std::uint8_t { left, right };
enum class cell_face : std::uint8_t { text, code };

/// One column of a table that shows records.
struct column {
    std::string field;       ///< its name; `a.b` reaches into nested records
    std::string label = {};  ///< its heading; empty: the field's name with spaces for underscores
    cell_format format = cell_format::automatic;
    std::string upper = {};  ///< where set, the column shows the interval "[field, upper]", N/A where either is null
};

/// A column of an interval, for instance `interval("acc_ci_low", "acc_ci_high", "95 % CI")`.
[[nodiscard]] inline column interval(std::string low, std::string high, std::string label,
                                     cell_format format = cell_format::score) {
    return {std::move(low), std::move(label), format, std::move(high)};
}

/// What renderers see: texts by row, as many in each as there are columns.
struct table {
    struct heading {
        std::string label;
        cell_align align = cell_align::left;
        cell_face face = cell_face::text;
    };
    std::string caption = {};
    std::vector<heading> columns = {};
    std::vector<std::vector<std::string>> rows = {};

    /// Appends a row; throws `error{usage}` where the number of cells is not the number of columns.
    table& add(std::vector<std::string> cells);
};

namespace detail {
[[nodiscard]] table start_table(std::span<field const> fields, std::vector<column>& columns, std::string caption);
void append_record(table& t, std::span<field const> fields, std::span<column const> columns, void const* record);
}  // namespace detail

/// One value as a cell of that format.
[[nodiscard]] std::string cell_text(field_type const& type, void const* value, cell_format format);

/// A table of any range of records: one row each. Without columns, all the record's fields. An unknown field is
/// `error{usage}` naming the nearest known one.
template <class Rows>
    requires record<std::remove_cvref_t<decltype(*std::declval<Rows const&>().begin())>>
[[nodiscard]] table table_of(Rows const& rows, std::vector<column> columns = {}, std::string caption = {}) {
    using row = std::remove_cvref_t<decltype(*rows.begin())>;
    auto out = detail::start_table(fields_of<row>(), columns, std::move(caption));
    for (auto const& r : rows) detail::append_record(out, fields_of<row>(), columns, &r);
    return out;
}

/// The table for a terminal: columns aligned by display width and two spaces apart, numbers to the right, a rule below
/// the headings, the caption above. Cells wider than `widest` are cut.
[[nodiscard]] std::string print_table(table const& t, std::size_t widest = 60);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/table.ipp>
#endif
