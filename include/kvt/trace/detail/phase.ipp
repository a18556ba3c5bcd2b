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

/// Powers of ten that are exact.
inline constexpr std::array<double, 20> real_powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                                    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
inline constexpr std::array<std::uint64_t, 9> whole_powers{1,       10,        100,        1'000,      10'000,
                                                           100'000, 1'000'000, 10'000'000, 100'000'000};

/// Up to 8 bytes from `at` on, the first one lowest, zeros behind; `begin` to `end` is the whole cell.
inline std::uint64_t eight_bytes(char const* begin, char const* at, char const* end) {
    std::uint64_t out = 0;
    auto const left = static_cast<std::size_t>(end - at);
    if constexpr (std::endian::native == std::endian::little) {
        if (left >= 8) {
            std::memcpy(&out, at, 8);
            return out;
        }
        if (left > 0 && end - begin >= 8) {
            std::memcpy(&out, end - 8, 8);
            return out >> (8 * (8 - left));
        }
        if (left >= 4) {
            std::uint32_t low = 0, high = 0;
            std::memcpy(&low, at, 4), std::memcpy(&high, end - 4, 4);
            return low | std::uint64_t{high} << (8 * (left - 4));
        }
    }
    for (std::size_t i = 0; i < left && i < 8; ++i) out |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    return out;
}

/// Takes digits, eight at a time, onto the end of `value`; returns how many. Beyond 19 the value is of no use.
inline std::size_t take_digits(char const* begin, char const*& at, char const* end, std::uint64_t& value) {
    char const* const from = at;
    for (std::size_t count = 8; count == 8;) {
        constexpr std::uint64_t tops = 0x8080808080808080;
        std::uint64_t eight = eight_bytes(begin, at, end) ^ 0x3030303030303030;  // digits become their values
        std::uint64_t const others = (((eight & ~tops) + 0x7676767676767676) | eight) & tops;  // bytes above 9
        count = others == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(others)) / 8;
        if (count == 0) break;
        eight <<= 8 * (8 - count);                                 // zeros before them
        eight = (eight * 10 + (eight >> 8)) & 0x00FF00FF00FF00FF;  // neighbours join: digits, pairs, fours, a number
        eight = (eight * 100 + (eight >> 16)) & 0x0000FFFF0000FFFF;
        eight = (eight * 10'000 + (eight >> 32)) & 0x00000000FFFFFFFF;
        value = value * whole_powers[count] + eight;
        at += count;
    }
    return static_cast<std::size_t>(at - from);
}

/// Decimals without an exponent. Up to 2^53 with up to 22 places they are a quotient of two doubles, hence rounded once:
/// the nearest double (Clinger 1990). Longer ones, up to 19 digits, are a quotient of two numbers with 64-bit mantissas,
/// where the processor has these; rounding that once more is the nearest double unless it lies just between two. False
/// for all else. (Not an optional: through memory, that would cost as much as the reading.)
inline bool plain_decimal(std::string_view text, double& value) {
    char const *const begin = text.data(), *const end = begin + text.size(), *at = begin;
    bool const negative = at != end && *at == '-';
    at += negative;
    std::uint64_t digits = 0;
    std::size_t places = 0, count = take_digits(begin, at, end, digits);
    if (at != end && *at == '.') {
        ++at;
        places = take_digits(begin, at, end, digits);
        count += places;
    }
    if (at != end || count == 0 || count > 19) return false;
    if (digits <= std::uint64_t{1} << 53) {
        value = static_cast<double>(digits) / real_powers[places];
    } else if constexpr (std::numeric_limits<long double>::digits == 64) {
        long double const wide = static_cast<long double>(digits) / static_cast<long double>(real_powers[places]);
        std::uint64_t mantissa = 0;
        std::memcpy(&mantissa, &wide, sizeof mantissa);
        if ((mantissa & 0x7FF) == 0x400) return false;
        value = static_cast<double>(wide);
    } else {
        return false;
    }
    if (negative) value = -value;
    return true;
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

namespace detail {

KVT_DECL std::optional<double> general_number(std::string_view cell) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    if (cell.empty() || cell == "NA" || cell == "N/A" || cell == "null" || cell == "None") return missing;
    if (detail::same_word(cell, "nan")) return missing;
    auto text = cell;
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars takes no plus
    auto const word = text.starts_with('-') ? text.substr(1) : text;
    if (detail::same_word(word, "inf") || detail::same_word(word, "infinity"))
        return text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::infinity();
    if (word.empty() || !((word[0] >= '0' && word[0] <= '9') || word[0] == '.')) return std::nullopt;
    double value = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return std::nullopt;
    if (code == std::errc{}) return value;
    return std::strtod(std::string{text}.c_str(), nullptr);  // out of range: zero or infinity
}

/// What `number_in_cell` says; false where that is null.
inline bool read_number(std::string_view cell, double& value) {
    if (plain_decimal(cell, value)) return true;
    auto const found = general_number(cell);
    value = found.value_or(std::numeric_limits<double>::quiet_NaN());
    return found.has_value();
}

}  // namespace detail

KVT_DECL std::optional<double> number_in_cell(std::string_view cell) {
    double value = 0;
    return detail::read_number(cell, value) ? std::optional{value} : std::nullopt;
}

KVT_DECL void text_column::push_back(std::string_view text) {
    if (text.size() > longest) throw error{error_kind::usage, "text_column", "a text is longer than 16 MiB"};
    if (recent_.size() < 2048 && size() >= recent_.size())
        recent_.assign(recent_.empty() ? 32 : 4 * recent_.size(), {});
    std::uint64_t head = 0, tail = 0;  // both ends: ids differ there
    std::size_t const n = text.size();
    if (n >= 8) std::memcpy(&head, text.data(), 8), std::memcpy(&tail, text.data() + n - 8, 8);
    else if (n >= 4) std::memcpy(&head, text.data(), 4), std::memcpy(&tail, text.data() + n - 4, 4);
    else
        for (char const c : text) head = head << 8 | static_cast<unsigned char>(c);
    std::uint64_t const hash = random_stream::mix(head ^ std::rotl(tail, 31) ^ n);
    auto& recent = recent_[hash & (recent_.size() - 1)];
    if (recent.hash != hash || text_at(recent.place) != text) {
        recent = {static_cast<std::uint64_t>(bytes_.size()) << 24 | text.size(), hash};
        bytes_ += text;
    }
    places_.push_back(recent.place);
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
        double value = missing;
        if (!detail::read_number(row[static_cast<std::size_t>(c)], value)) note(c);
        return value;
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
