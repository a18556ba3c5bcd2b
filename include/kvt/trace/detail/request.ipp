// Definitions of trace/request.hpp.
#pragma once

#include <kvt/trace/detail/csv_stream.hpp>
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
    if (text.starts_with('-')) return std::nullopt;
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

inline std::int64_t days_in(std::int64_t year, std::int64_t month) {
    return days_of(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days_of(year, month, 1);
}

/// Seconds of an offset such as Z, +02:00 or -0530; null where it is none.
inline std::optional<std::int64_t> offset_of(std::string_view text) {
    if (text.empty() || text == "Z") return 0;
    if (text.size() > 6) return std::nullopt;
    std::string digits;
    for (char const c : text.substr(1))
        if (c != ':') digits += c;
    auto const value = digits.size() == 4 ? whole_number(digits) : std::nullopt;
    if (!value || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    std::int64_t const seconds = (*value / 100 * 60 + *value % 100) * 60;
    return text[0] == '-' ? -seconds : seconds;
}

inline std::optional<instant> instant_in(std::string_view text) {
    if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') ||
        text[13] != ':' || text[16] != ':')
        return std::nullopt;
    auto const part = [&](std::size_t at, std::size_t size) {
        return whole_number(text.substr(at, size)).value_or(-1);
    };
    auto const year = part(0, 4), month = part(5, 2), day = part(8, 2), hour = part(11, 2), minute = part(14, 2),
               second = part(17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
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

inline void check_request(request const& r, std::string const& row) {
    auto const refuse = [&](std::string const& what, std::string expected) {
        throw trace_error{fault::bad_request, what + " of " + row, std::move(expected)};
    };
    if (!std::isfinite(r.arrival)) refuse("arrival", "seconds");
    if (r.prompt_tokens < 1) refuse("prompt_tokens " + std::to_string(r.prompt_tokens), "at least 1");
    if (r.generated_tokens < 0) refuse("generated_tokens " + std::to_string(r.generated_tokens), "at least 0");
}

/// Makes requests of rows of cells.
class request_sink {
  public:
    request_sink(request_columns const& names, std::string_view where) : names_{names}, where_{where} {}

    void head(std::span<std::string_view const> cells, std::size_t line) {
        auto const place = [&](std::string const& name) {
            return static_cast<std::size_t>(std::ranges::find(cells, name) - cells.begin());
        };
        id_ = place(names_.request_id), at_ = place(names_.arrival), prompt_ = place(names_.prompt_tokens);
        generated_ = place(names_.generated_tokens);
        std::string absent;
        for (auto const& [column, name] :
             {std::pair{at_, names_.arrival}, {prompt_, names_.prompt_tokens}, {generated_, names_.generated_tokens}})
            if (column == cells.size()) absent += (absent.empty() ? "" : ", ") + name;
        if (!absent.empty())
            throw trace_error{fault::missing_column, absent + ", not in the header in line " + std::to_string(line)};
    }
    void row(std::span<std::string_view const> cells, std::size_t line) {
        std::string const place = where_ + ":" + std::to_string(line);
        request r{.request_id = id_ < cells.size() ? std::string{cells[id_]} : "q" + std::to_string(out.size())};
        r.arrival = arrival(cells[at_], place);
        r.prompt_tokens = count(cells[prompt_], names_.prompt_tokens, place);
        r.generated_tokens = count(cells[generated_], names_.generated_tokens, place);
        check_request(r, "row " + std::to_string(out.size() + 1) + " (line " + std::to_string(line) + ")");
        out.push_back(std::move(r));
    }

    std::vector<request> out;

  private:
    double arrival(std::string_view cell, std::string const& place) {
        if (auto const date = instant_in(cell); date && (first_ || out.empty())) {
            if (!first_) first_ = date;
            return static_cast<double>(date->seconds - first_->seconds) + (date->fraction - first_->fraction);
        }
        if (auto const value = number_in_cell(cell); value && !first_) return *value;
        throw trace_error{fault::bad_request,
                          place + ", " + names_.arrival + ": \"" + std::string{cell.substr(0, 80)} + "\"",
                          first_        ? "a date and time as in the rows before"
                          : out.empty() ? "seconds, or a date and time"
                                        : "seconds as in the rows before"};
    }
    static std::int64_t count(std::string_view cell, std::string const& name, std::string const& place) {
        auto const value = number_in_cell(cell);
        if (!value || !(std::abs(*value) < 0x1.0p53) || *value != std::floor(*value))
            throw trace_error{fault::bad_request, place + ", " + name + ": \"" + std::string{cell.substr(0, 80)} + "\"",
                              "a whole number"};
        return static_cast<std::int64_t>(*value);
    }

    request_columns names_;
    std::string where_;
    std::size_t id_ = 0, at_ = 0, prompt_ = 0, generated_ = 0;
    std::optional<instant> first_;
};

/// Takes the names of the Azure traces where the header has them.
class any_request_sink {
  public:
    explicit any_request_sink(std::string_view where) : where_{where} {}
    void head(std::span<std::string_view const> cells, std::size_t line) {
        bool const azure = std::ranges::find(cells, request_columns::azure().arrival) != cells.end();
        rows.emplace(azure ? request_columns::azure() : request_columns{}, where_).head(cells, line);
    }
    void row(std::span<std::string_view const> cells, std::size_t line) { rows->row(cells, line); }

    std::optional<request_sink> rows;

  private:
    std::string where_;
};

}  // namespace detail

KVT_DECL void check_requests(std::span<request const> requests) {
    for (std::size_t i = 0; i < requests.size(); ++i)
        detail::check_request(requests[i], "row " + std::to_string(i + 1));
}

KVT_DECL std::vector<request> parse_requests(std::string_view text, request_columns const& names,
                                             std::string_view where) {
    detail::request_sink sink{names, where};
    detail::split_text(text, where, sink, [](std::size_t) {});
    return std::move(sink.out);
}

KVT_DECL std::vector<request> read_requests(std::string const& path, request_columns const& names) {
    detail::request_sink sink{names, path};
    detail::split_file(path, sink, [](detail::text_blocks const&) {});
    return std::move(sink.out);
}
KVT_DECL std::vector<request> read_requests(std::string const& path) {
    detail::any_request_sink sink{path};
    detail::split_file(path, sink, [](detail::text_blocks const&) {});
    return std::move(sink.rows->out);
}

}  // namespace kvt::inline KVT_ABI::trace
