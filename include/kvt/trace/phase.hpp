// Phases: when a request's prefill and decode ran, and how many tokens each handled.
#pragma once

#include <kvt/trace/fault.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

enum class phase_kind : std::uint8_t { prefill, decode };
KVT_CHOICE(phase_kind, "prefill", "decode");

/// One phase as a row of a trace. Times are in seconds from any origin; the interval is [t_start, t_end).
struct phase {
    std::string request_id{};
    phase_kind phase_type = phase_kind::prefill;
    double t_start = 0, t_end = 0;
    double prefill_tokens = 0;  ///< prompt tokens computed (a cached prefix excluded); read on prefill rows
    double decode_tokens = 0;   ///< decode steps; read on decode rows
};
KVT_RECORD(phase, request_id, phase_type, t_start, t_end, prefill_tokens, decode_tokens);

/// The columns of a trace, in the order of `column_names`.
enum class column : std::uint8_t { request_id, phase_type, t_start, t_end, prefill_tokens, decode_tokens, n_steps };
inline constexpr std::size_t column_count = 7;

/// Under which names a file holds them.
struct column_names {
    std::string request_id = "request_id", phase_type = "phase_type", t_start = "t_start", t_end = "t_end";
    std::string prefill_tokens = "prefill_tokens", decode_tokens = "decode_tokens";
    std::string n_steps = "N_steps";  ///< optional: where it exists, no step is inferred

    [[nodiscard]] std::array<std::string_view, column_count> all() const {
        return {request_id, phase_type, t_start, t_end, prefill_tokens, decode_tokens, n_steps};
    }
    [[nodiscard]] std::string_view of(column c) const { return all()[static_cast<std::size_t>(c)]; }
};
KVT_RECORD(column_names, request_id, phase_type, t_start, t_end, prefill_tokens, decode_tokens, n_steps);

/// Texts of many rows in one piece of memory. A text that stood in one of the rows just before, as a request's id does
/// in its prefill and its decode, shares that row's bytes.
class text_column {
  public:
    static constexpr std::size_t longest = (std::size_t{1} << 24) - 1;

    void push_back(std::string_view text);  ///< throws `error{usage}` beyond `longest`
    [[nodiscard]] std::string_view operator[](std::size_t row) const { return text_at(places_[row]); }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }  ///< held for texts
    void reserve(std::size_t rows) { places_.reserve(rows); }

  private:
    [[nodiscard]] std::string_view text_at(std::uint64_t place) const {
        return {bytes_.data() + (place >> 24), static_cast<std::size_t>(place & longest)};
    }

    std::string bytes_;
    std::vector<std::uint64_t> places_;  // first byte, 40 bits, and length, 24 bits
    struct seen {
        std::uint64_t place = 0, hash = 0;
    };
    std::vector<seen> recent_;  // by hash; few enough for a core's own cache
};

/// On which line of its file each row began.
class row_lines {
  public:
    /// `row` counts from 0 and is beyond those before; line 0: not from a file.
    void note(std::size_t row, std::size_t line) {
        if (line != next_) jumps_.push_back({row, line});
        next_ = line == 0 ? 0 : line + 1;
    }
    /// 0 where the row is from no file.
    [[nodiscard]] std::size_t of(std::size_t row) const;
    /// "row 5 (line 6)": rows in messages count from 1.
    [[nodiscard]] std::string text(std::size_t row) const;

  private:
    struct jump {
        std::size_t row, line;
    };
    std::vector<jump> jumps_;  // rows whose line is not the one after the row before
    std::size_t next_ = 0;
};

/// A phase table as it was read, column by column, before any check. Only cells that count are looked at: a row's
/// token cell is the one of its kind, and without a step column. What a cell held that was no number (or no kind) is
/// remembered for the first of each sort, and refused when the table is checked, in the order of the checks.
struct table {
    struct bad_cell {
        std::size_t row = 0, line = 0;  ///< data rows count from 1; line 0: not from a file
        std::string text{};
    };
    using cells = std::array<std::string_view, column_count>;  ///< one row, by `column`

    column_names names{};
    std::array<bool, column_count> present{};
    std::vector<phase_kind> kind{};
    std::vector<double> t_start{}, t_end{};
    std::vector<double> tokens{};  ///< prefill tokens of a prefill, decode tokens of a decode; NaN where missing
    std::vector<double> steps{};   ///< empty without that column
    text_column request_id{};
    row_lines lines{};
    std::size_t header_line = 0;  ///< 0: not from a file
    std::array<std::optional<bad_cell>, column_count> bad{};

    [[nodiscard]] std::size_t size() const { return kind.size(); }
    [[nodiscard]] bool has(column c) const { return present[static_cast<std::size_t>(c)]; }
    [[nodiscard]] std::optional<bad_cell> const& bad_in(column c) const { return bad[static_cast<std::size_t>(c)]; }

    /// Appends a row of cells as a file holds them; those of absent columns are not looked at.
    void add(cells const& row, std::size_t line = 0);
    void reserve(std::size_t rows);
};

/// The table of phases that are numbers already; steps are inferred.
[[nodiscard]] table table_of(std::span<phase const> phases);

/// A cell as a number: nearest double; blank, NA, N/A, null, None and nan are NaN; inf and infinity with or without a
/// sign; null where it is something else. Blanks around a number are not trimmed.
[[nodiscard]] std::optional<double> number_in_cell(std::string_view cell);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/phase.ipp>
#endif
