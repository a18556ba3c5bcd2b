// Definitions of trace/phase.hpp.
#pragma once

#include <kvt/trace/phase.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// Equal but for the case of ASCII letters; `lower` is in lower case.
inline bool same_word(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Decimals of at most 15 digits and 22 places are an exact quotient of two doubles, hence rounded once: the nearest
/// double (Clinger 1990). Null for all else.
inline std::optional<double> plain_decimal(std::string_view text) {
    constexpr std::array<double, 16> powers{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool const negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || text.size() > 16) return std::nullopt;
    std::uint64_t digits = 0;
    std::size_t places = 0, count = 0;
    bool point = false;
    for (char const c : text) {
        if (c >= '0' && c <= '9') {
            digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
            ++count, places += point;
        } else if (c == '.' && !point) {
            point = true;
        } else {
            return std::nullopt;
        }
    }
    if (count == 0 || count > 15) return std::nullopt;
    double const value = static_cast<double>(digits) / powers[places];
    return negative ? -value : value;
}

}  // namespace detail

KVT_DECL std::optional<double> number_in_cell(std::string_view cell) {
    if (auto const quick = detail::plain_decimal(cell)) return quick;
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    if (cell.empty() || cell == "NA" || cell == "N/A" || cell == "null" || cell == "None") return missing;
    if (detail::same_word(cell, "nan")) return missing;
    auto text = cell;
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars takes no plus
    auto const word = text.starts_with('-') ? text.substr(1) : text;
    if (detail::same_word(word, "inf") || detail::same_word(word, "infinity"))
        return text.starts_with('-') ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (word.empty() || !((word[0] >= '0' && word[0] <= '9') || word[0] == '.')) return std::nullopt;
    double value = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return std::nullopt;
    if (code == std::errc{}) return value;
    return std::strtod(std::string{text}.c_str(), nullptr);  // out of range: zero or infinity
}

KVT_DECL void table::add(cells const& row, std::size_t line) {
    auto const note = [&](column c) {
        auto& first = bad[static_cast<std::size_t>(c)];
        if (!first) first = bad_cell{size() + 1, line, std::string{row[static_cast<std::size_t>(c)]}};
    };
    auto const number = [&](column c) {
        auto const value = number_in_cell(row[static_cast<std::size_t>(c)]);
        if (!value) note(c);
        return value.value_or(std::numeric_limits<double>::quiet_NaN());
    };
    if (has(column::t_start)) t_start.push_back(number(column::t_start));
    if (has(column::t_end)) t_end.push_back(number(column::t_end));
    auto const word = row[static_cast<std::size_t>(column::phase_type)];
    bool const decodes = detail::same_word(word, "decode");
    if (has(column::phase_type) && !decodes && !detail::same_word(word, "prefill")) note(column::phase_type);
    auto const own = decodes ? column::decode_tokens : column::prefill_tokens;
    bool const used = has(own) && !(decodes && has(column::n_steps));
    tokens.push_back(used ? number(own) : std::numeric_limits<double>::quiet_NaN());
    if (has(column::n_steps)) steps.push_back(number(column::n_steps));
    request_id.push_back(row[static_cast<std::size_t>(column::request_id)]);
    kind.push_back(decodes ? phase_kind::decode : phase_kind::prefill);
}

KVT_DECL table table_of(std::span<phase const> phases) {
    table out;
    out.present.fill(true);
    out.present[static_cast<std::size_t>(column::n_steps)] = false;
    for (auto const& p : phases) {
        out.kind.push_back(p.phase_type);
        out.t_start.push_back(p.t_start);
        out.t_end.push_back(p.t_end);
        out.tokens.push_back(p.phase_type == phase_kind::prefill ? p.prefill_tokens : p.decode_tokens);
        out.request_id.push_back(p.request_id);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::trace
