// Definitions of trace/check.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/trace/check.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

inline void need_columns(table const& rows, std::span<column const> needed, std::string const& why = {}) {
    std::string absent;
    for (column const c : needed)
        if (!rows.has(c)) absent += (absent.empty() ? "" : ", ") + std::string{rows.names.of(c)};
    if (absent.empty()) return;
    std::string const line =
        rows.header_line > 0 ? ", not in the header in line " + std::to_string(rows.header_line) : "";
    throw trace_error{fault::missing_column, absent + line + why};
}

inline void refuse_bad_cell(table const& rows, column c, fault kind, std::string_view expected) {
    auto const& bad = rows.bad_in(c);
    if (!bad) return;
    std::string text = std::string{rows.names.of(c)} + " of row " + std::to_string(bad->row);
    if (bad->line > 0) text += " (line " + std::to_string(bad->line) + ")";
    throw trace_error{kind, text + ": \"" + bad->text.substr(0, 80) + "\"", std::string{expected}};
}

/// Checks 3 to 7: what every trace needs.
inline void check_rows(table const& rows) {
    need_columns(rows, std::array{column::request_id, column::phase_type, column::t_start, column::t_end});
    refuse_bad_cell(rows, column::t_start, fault::bad_number, "seconds");
    refuse_bad_cell(rows, column::t_end, fault::bad_number, "seconds");
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows.t_end[i] <= rows.t_start[i])
            throw trace_error{fault::non_positive_duration,
                              rows.lines.text(i) + ": from " + shortest(rows.t_start[i]) + " to " +
                                  shortest(rows.t_end[i]),
                              "an end after its start"};
    refuse_bad_cell(rows, column::phase_type, fault::bad_phase_type, "prefill or decode");
    if (rows.size() == 0) throw trace_error{fault::empty_trace, "no phase rows"};
}

/// Checks 8 to 12; returns n.
inline std::vector<double> count_steps(table& rows, double chunk, bool prompts_used) {
    bool const given = rows.has(column::n_steps);
    if (!given)
        need_columns(rows, std::array{column::prefill_tokens, column::decode_tokens},
                     " (needed to count steps where there is no column " + rows.names.n_steps + ")");
    if (!given || prompts_used) refuse_bad_cell(rows, column::prefill_tokens, fault::bad_number, "tokens");
    if (!given) refuse_bad_cell(rows, column::decode_tokens, fault::bad_number, "tokens");
    refuse_bad_cell(rows, column::n_steps, fault::bad_number, "steps");
    std::vector<double> steps;
    if (given) {
        steps = std::move(rows.steps);
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (steps[i] < 0) throw trace_error{fault::negative_steps, rows.lines.text(i) + ": " + shortest(steps[i])};
    } else {
        steps = rows.tokens;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool const prefill = rows.kind[i] == phase_kind::prefill;
            if (steps[i] < 0)
                throw trace_error{fault::negative_tokens,
                                  std::string{rows.names.of(prefill ? column::prefill_tokens : column::decode_tokens)} +
                                      " of " + rows.lines.text(i) + ": " + shortest(steps[i])};
            if (prefill) steps[i] = std::ceil(steps[i] / chunk);
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (std::isfinite(steps[i]) && std::abs(steps[i] - std::round(steps[i])) > 1e-6)
            throw trace_error{fault::non_integer_steps, rows.lines.text(i) + ": " + shortest(steps[i])};
    return steps;
}

/// Check 14. A blank id is nobody's, so two of them are not the same request. Rows by hash of their id, in one table
/// without lists: with a million requests the memory that is touched is what counts.
inline void refuse_second_prefills(phases const& p) {
    std::size_t const prefills = static_cast<std::size_t>(std::ranges::count(p.kind, phase_kind::prefill));
    std::size_t const slots = std::bit_ceil(2 * prefills + 1);
    std::vector<std::uint32_t> rows(slots);  // row + 1; 0: free
    for (std::size_t i = 0; i < p.size(); ++i) {
        auto const id = p.request_id[i];
        if (p.kind[i] != phase_kind::prefill || id.empty()) continue;
        std::size_t at = std::hash<std::string_view>{}(id) & (slots - 1);
        for (; rows[at] != 0; at = (at + 1) & (slots - 1))
            if (p.request_id[rows[at] - 1] == id)
                throw trace_error{fault::duplicate_prefill,
                                  "request \"" + std::string{id} + "\" again in " + p.lines.text(i)};
        rows[at] = static_cast<std::uint32_t>(i + 1);
    }
}

}  // namespace detail

KVT_DECL void step_rule::check() const {
    if (!std::isfinite(chunk_size) || chunk_size <= 0)
        throw trace_error{fault::bad_chunk_size, shortest(chunk_size), "a number of tokens above 0"};
    if (!std::isfinite(min_duration_sec))
        throw trace_error{fault::bad_option, "min_duration_sec " + shortest(min_duration_sec), "seconds"};
}

KVT_DECL phases check_trace(table rows, step_rule rule, prompt_use prompts) {
    rule.check();
    if (rows.size() > most_rows)
        throw error{error_kind::usage, "trace", std::to_string(rows.size()) + " rows",
                    "at most " + std::to_string(most_rows)};
    detail::check_rows(rows);
    bool const prefills = std::ranges::count(rows.kind, phase_kind::prefill) > 0;
    bool const prompts_used = prefills && prompts == prompt_use::needed;
    phases out{.rule = rule};
    out.steps = detail::count_steps(rows, rule.chunk_size, prompts_used);
    out.kind = std::move(rows.kind);
    out.t_start = std::move(rows.t_start), out.t_end = std::move(rows.t_end);
    out.tokens = std::move(rows.tokens);
    out.request_id = std::move(rows.request_id), out.lines = std::move(rows.lines);
    out.duration.resize(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        double y = out.t_end[i] - out.t_start[i];
        if (rule.min_duration_sec > 0 && y < rule.min_duration_sec) y = rule.min_duration_sec;
        out.duration[i] = y;
        auto const refuse = [&](std::string_view what) {
            throw trace_error{fault::non_finite, std::string{what} + " of " + out.lines.text(i)};
        };
        if (!std::isfinite(out.steps[i])) refuse("step count");
        if (!std::isfinite(y)) refuse(std::isfinite(out.t_start[i]) ? "t_end" : "t_start");
        if (!std::isfinite(out.density(i))) refuse("step density");
    }
    detail::refuse_second_prefills(out);
    if (prompts_used)
        detail::need_columns(rows, std::array{column::prefill_tokens}, " (needed by the estimator's corrections)");
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
