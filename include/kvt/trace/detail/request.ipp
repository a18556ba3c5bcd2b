// Definitions of trace/request.hpp.
#pragma once

#include <kvt/core/csv.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/phase.hpp>
#include <kvt/trace/request.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// A point of time: whole seconds since 1970 apart from the fraction, so that no digit of it is lost.
struct instant {
    std::int64_t seconds = 0;
    double fraction = 0;
};

inline std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t out = 0;
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

/// Days from 1970-01-01 in the Gregorian calendar (Hinnant: "chrono-compatible low-level date algorithms").
inline std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
    year -= month <= 2;
    std::int64_t const era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    std::int64_t const of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/// Seconds of an offset such as Z, +02:00 or -0530; null where it is none.
inline std::optional<std::int64_t> offset_of(std::string_view text) {
    if (text.empty() || text == "Z") return 0;
    std::string digits;
    for (char const c : text.substr(1))
        if (c != ':') digits += c;
    auto const value = digits.size() == 4 ? whole_number(digits) : std::nullopt;
    if (!value || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    std::int64_t const seconds = (*value / 100 * 60 + *value % 100) * 60;
    return text[0] == '-' ? -seconds : seconds;
}

inline std::optional<instant> instant_in(std::string_view text) {
    if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    auto const part = [&](std::size_t at, std::size_t size) { return whole_number(text.substr(at, size)).value_or(-1); };
    auto const year = part(0, 4), month = part(5, 2), day = part(8, 2), hour = part(11, 2), minute = part(14, 2),
               second = part(17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60)
        return std::nullopt;
    auto rest = text.substr(19);
    instant out;
    if (rest.starts_with('.')) {
        auto const end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        if (end == 1) return std::nullopt;
        auto const digits = "0" + std::string{rest.substr(0, end)};
        std::from_chars(digits.data(), digits.data() + digits.size(), out.fraction);
        rest.remove_prefix(end);
    }
    auto const offset = offset_of(rest);
    if (!offset) return std::nullopt;
    out.seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - *offset;
    return out;
}

}  // namespace detail

KVT_DECL void check_requests(std::span<request const> requests) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto const& r = requests[i];
        auto const refuse = [&](std::string const& what, std::string expected) {
            throw trace_error{fault::bad_request, what + " of row " + std::to_string(i + 1), std::move(expected)};
        };
        if (!std::isfinite(r.arrival)) refuse("arrival", "seconds");
        if (r.prompt_tokens < 1) refuse("prompt_tokens " + std::to_string(r.prompt_tokens), "at least 1");
        if (r.generated_tokens < 0) refuse("generated_tokens " + std::to_string(r.generated_tokens), "at least 0");
    }
}

KVT_DECL std::vector<request> parse_requests(std::string_view text, request_columns const& names, std::string_view where) {
    std::vector<std::size_t> lines;
    auto const cells = kvt::detail::parse_csv(text, where, lines);
    if (cells.empty()) throw trace_error{fault::bad_csv, std::string{where} + ": there is no header"};
    auto const place = [&](std::string const& name) {
        return static_cast<std::size_t>(std::ranges::find(cells[0], name) - cells[0].begin());
    };
    std::size_t const id = place(names.request_id), at = place(names.arrival), prompt = place(names.prompt_tokens),
                      generated = place(names.generated_tokens), width = cells[0].size();
    std::string absent;
    for (auto const& [column, name] : {std::pair{at, names.arrival}, {prompt, names.prompt_tokens},
                                       {generated, names.generated_tokens}})
        if (column == width) absent += (absent.empty() ? "" : ", ") + name;
    if (!absent.empty()) throw trace_error{fault::missing_column, absent};
    std::vector<request> out;
    std::optional<detail::instant> first;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        auto const& row = cells[i];
        if (row.size() == 1 && row[0].empty()) continue;
        auto const place_of = std::string{where} + ":" + std::to_string(lines[i]);
        if (row.size() != width)
            throw trace_error{fault::bad_csv, place_of + ": " + std::to_string(row.size()) + " cells, not " +
                                                  std::to_string(width) + " as in the header"};
        auto const count = [&](std::size_t column, std::string const& name) {
            auto const value = number_in_cell(row[column]);
            if (!value || !(std::abs(*value) < 0x1.0p53) || *value != std::floor(*value))
                throw trace_error{fault::bad_request, place_of + ", " + name + ": \"" + row[column] + "\"", "a whole number"};
            return static_cast<std::int64_t>(*value);
        };
        request r{.request_id = id < width ? row[id] : "q" + std::to_string(out.size())};
        if (auto const date = detail::instant_in(row[at])) {
            if (!first) first = date;
            r.arrival = static_cast<double>(date->seconds - first->seconds) + (date->fraction - first->fraction);
        } else if (auto const value = number_in_cell(row[at]); value && !first) {
            r.arrival = *value;
        } else {
            throw trace_error{fault::bad_request, place_of + ", " + names.arrival + ": \"" + row[at] + "\"",
                              first ? "a date and time as in the rows before" : "seconds, or a date and time"};
        }
        r.prompt_tokens = count(prompt, names.prompt_tokens);
        r.generated_tokens = count(generated, names.generated_tokens);
        out.push_back(std::move(r));
    }
    check_requests(out);
    return out;
}

KVT_DECL std::vector<request> read_requests(std::string const& path, request_columns const& names) {
    if (!file_exists(path)) throw trace_error{fault::file_not_found, path};
    return parse_requests(read_file(path), names, path);
}

}  // namespace kvt::inline KVT_ABI::trace
