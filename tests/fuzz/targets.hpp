// What the readers of untrusted text promise for any bytes: an answer or an error of kvt's own, the same in whatever blocks
// the bytes come. Each function aborts where that does not hold; the mutation test and libFuzzer call the same ones.
#pragma once

#include <kvt/trace/check.hpp>
#include <kvt/trace/detail/csv_stream.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/request.hpp>

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

inline void promise(bool kept, char const* what) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

/// Rows of cells, and the words of the error that ended them.
struct rows_seen {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> lines;
    std::string error;

    void head(std::span<std::string_view const> cells, std::size_t line) { row(cells, line); }
    void row(std::span<std::string_view const> cells, std::size_t line) {
        rows.emplace_back(cells.begin(), cells.end());
        lines.push_back(line);
    }
    friend bool operator==(rows_seen const&, rows_seen const&) = default;
};

/// The rows of `text` when it comes in blocks of `step` bytes.
inline rows_seen rows_in_blocks(std::string_view text, std::size_t step) {
    rows_seen out;
    kvt::trace::detail::csv_stream<rows_seen> stream{out, "text"};
    try {
        for (std::size_t at = 0, size = step;;) {
            bool const last = text.size() - at <= size;
            std::size_t const taken = stream.take(text.substr(at, size), last);
            promise(taken <= text.size() - at, "no more is taken than there is");
            at += taken;
            if (last) break;
            size = taken == 0 ? size + step : step;
        }
        stream.finish();
    } catch (kvt::trace::trace_error const& e) {
        out.error = e.what();
    }
    return out;
}

/// Any bytes as CSV: the rows do not depend on the blocks.
inline void csv_bytes(std::string_view text) {
    auto const whole = rows_in_blocks(text, text.size() + 1);
    for (std::size_t const step : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{100}})
        if (text.size() <= 4096 || step > 7)
            promise(rows_in_blocks(text, step) == whole, "rows do not depend on blocks");
    for (auto const& row : whole.rows)
        promise(row.size() == whole.rows.front().size(), "rows are as wide as the header");
}

/// Any bytes as a table of phases, checked.
inline void phase_table(std::string_view text) {
    using namespace kvt::trace;
    try {
        auto rows = parse_trace(text);
        std::size_t const n = rows.size();
        promise(rows.tokens.size() == n && rows.request_id.size() == n, "columns are equally long");
        promise(!rows.has(column::t_start) || rows.t_start.size() == n, "t_start is as long as the rest");
        for (std::size_t i = 0; i < n; ++i) {
            promise(rows.lines.of(i) >= rows.header_line + 1 + i, "lines rise");
            promise(rows.request_id[i].size() <= text.size(), "ids are of the text");
        }
        auto const trace = check_trace(std::move(rows), {.chunk_size = 64}, prompt_use::needed);
        for (std::size_t i = 0; i < trace.size(); ++i)
            promise(trace.duration[i] > 0 && trace.steps[i] >= 0, "what passes the checks is in order");
    } catch (kvt::error const&) {}
}

/// Any bytes as requests.
inline void request_table(std::string_view text) {
    using namespace kvt::trace;
    for (auto const& names : {request_columns{}, request_columns::azure()}) try {
            for (auto const& r : parse_requests(text, names)) promise(r.prompt_tokens >= 1, "prompts have tokens");
        } catch (kvt::error const&) {}
}

/// Any bytes as a number: nearest double, or none.
inline void number(std::string_view text) {
    auto const found = kvt::trace::number_in_cell(text);
    std::string const copy{text};
    bool const plain = !copy.empty() && copy.find_first_not_of("0123456789.+-eE") == copy.npos;
    if (!plain || !found) return;
    char* end = nullptr;
    double const wanted = std::strtod(copy.c_str(), &end);
    promise(end == copy.c_str() + copy.size(), "only numbers are numbers");
    promise(std::bit_cast<std::uint64_t>(wanted) == std::bit_cast<std::uint64_t>(*found),
            "numbers are the nearest doubles");
}

}  // namespace fuzz
