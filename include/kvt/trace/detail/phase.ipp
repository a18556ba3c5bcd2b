// Definitions of trace/phase.hpp.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/trace/phase.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

/// Equal but for the case of ASCII letters; `lower` is in lower case.
inline bool same_word(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Takes the digits off the front of `text` into `value`; returns how many. Beyond 19 the value is of no use.
inline std::size_t take_digits(std::string_view& text, std::uint64_t& value) {
    char const *at = text.data(), *const end = at + text.size();
    if constexpr (std::endian::native == std::endian::little)
        for (std::uint64_t eight; end - at >= 8; at += 8) {
            std::memcpy(&eight, at, 8);
            // a digit's high half is 3, and stays 3 when 6 is added
            std::uint64_t const high = 0xF0F0F0F0F0F0F0F0, threes = 0x3030303030303030;
            if ((eight & high) != threes || ((eight + 0x0606060606060606) & high) != threes) break;
            eight -= threes;  // neighbours join: 8 digits, 4 pairs, 2 fours, one number
            eight = (eight * 10 + (eight >> 8)) & 0x00FF00FF00FF00FF;
            eight = (eight * 100 + (eight >> 16)) & 0x0000FFFF0000FFFF;
            eight = (eight * 10'000 + (eight >> 32)) & 0x00000000FFFFFFFF;
            value = value * 100'000'000 + eight;
        }
    for (; at != end && *at >= '0' && *at <= '9'; ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    auto const count = static_cast<std::size_t>(at - text.data());
    text.remove_prefix(count);
    return count;
}

/// Decimals without an exponent. Up to 2^53 with up to 22 places they are a quotient of two doubles, hence rounded once:
/// the nearest double (Clinger 1990). Longer ones, up to 19 digits, are a quotient of two numbers with 64-bit mantissas,
/// where the processor has these; rounding that once more is the nearest double unless it lies just between two. Null
/// for all else.
inline std::optional<double> plain_decimal(std::string_view text) {
    constexpr std::array<double, 20> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                            1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    bool const negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::uint64_t digits = 0;
    std::size_t places = 0, count = take_digits(text, digits);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        places = take_digits(text, digits);
        count += places;
    }
    if (!text.empty() || count == 0 || count > 19) return std::nullopt;
    double value = 0;
    if (digits <= std::uint64_t{1} << 53) {
        value = static_cast<double>(digits) / powers[places];
    } else if constexpr (std::numeric_limits<long double>::digits == 64) {
        long double const wide = static_cast<long double>(digits) / static_cast<long double>(powers[places]);
        std::uint64_t mantissa = 0;
        std::memcpy(&mantissa, &wide, sizeof mantissa);
        if ((mantissa & 0x7FF) == 0x400) return std::nullopt;
        value = static_cast<double>(wide);
    } else {
        return std::nullopt;
    }
    return negative ? -value : value;
}

/// Prefill or decode in any letter case, else null. Bit 5 apart, a letter equals its other case alone.
inline std::optional<phase_kind> kind_in_cell(std::string_view word) {
    constexpr std::uint64_t lower = 0x0020202020202020;
    std::uint64_t const prefill = std::uint64_t{'p'} | std::uint64_t{'r'} << 8 | std::uint64_t{'e'} << 16 |
                                  std::uint64_t{'f'} << 24 | std::uint64_t{'i'} << 32 | std::uint64_t{'l'} << 40 |
                                  std::uint64_t{'l'} << 48;
    if (word.size() == 7) {
        std::uint64_t letters = 0;
        for (std::size_t i = 0; i < 7; ++i) letters |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
        if ((letters | lower) == prefill) return phase_kind::prefill;
    }
    if (same_word(word, "decode")) return phase_kind::decode;
    return std::nullopt;
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

KVT_DECL void text_column::push_back(std::string_view text) {
    if (text.size() > longest) throw error{error_kind::usage, "text_column", "a text is longer than 16 MiB"};
    if (recent_.size() < 8192 && size() >= recent_.size()) recent_.assign(recent_.empty() ? 64 : 4 * recent_.size(), 0);
    std::uint64_t head = 0, tail = 0;  // both ends: ids differ there
    if (text.size() >= 8) {
        std::memcpy(&head, text.data(), 8), std::memcpy(&tail, text.data() + text.size() - 8, 8);
    } else {
        for (char const c : text) head = head << 8 | static_cast<unsigned char>(c);
    }
    std::uint64_t const hash = random_stream::mix(head ^ std::rotl(tail, 31) ^ text.size());
    auto& recent = recent_[hash & (recent_.size() - 1)];
    if (text_at(recent) != text) {
        recent = static_cast<std::uint64_t>(bytes_.size()) << 24 | text.size();
        bytes_ += text;
    }
    places_.push_back(recent);
}

KVT_DECL std::size_t row_lines::of(std::size_t row) const {
    auto const next = std::ranges::upper_bound(jumps_, row, {}, &jump::row);
    if (next == jumps_.begin()) return 0;
    auto const& before = *(next - 1);
    return before.line == 0 ? 0 : before.line + (row - before.row);
}
KVT_DECL std::string row_lines::text(std::size_t row) const {
    std::string const out = "row " + std::to_string(row + 1);
    std::size_t const line = of(row);
    return line == 0 ? out : out + " (line " + std::to_string(line) + ")";
}

KVT_DECL void table::reserve(std::size_t rows) {
    kind.reserve(rows), tokens.reserve(rows), request_id.reserve(rows);
    if (has(column::t_start)) t_start.reserve(rows);
    if (has(column::t_end)) t_end.reserve(rows);
    if (has(column::n_steps)) steps.reserve(rows);
}

KVT_DECL void table::add(cells const& row, std::size_t line) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    auto const note = [&](column c) {
        auto& first = bad[static_cast<std::size_t>(c)];
        if (!first) first = bad_cell{size() + 1, line, std::string{row[static_cast<std::size_t>(c)]}};
    };
    auto const number = [&](column c) {
        auto const value = number_in_cell(row[static_cast<std::size_t>(c)]);
        if (!value) note(c);
        return value.value_or(missing);
    };
    lines.note(size(), line);
    if (has(column::t_start)) t_start.push_back(number(column::t_start));
    if (has(column::t_end)) t_end.push_back(number(column::t_end));
    auto const found = detail::kind_in_cell(row[static_cast<std::size_t>(column::phase_type)]);
    if (has(column::phase_type) && !found) note(column::phase_type);
    bool const decodes = found == phase_kind::decode;
    auto const own = decodes ? column::decode_tokens : column::prefill_tokens;
    bool const used = has(own) && !(decodes && has(column::n_steps));
    tokens.push_back(used ? number(own) : missing);
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
