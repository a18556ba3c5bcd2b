// value: what one cell of a table holds, and row: one line of cells.
#pragma once

#include <kvt/core/record.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kvt::inline KVT_ABI::store {

/// Null, a 64-bit integer, a double or UTF-8 text. Ordered: null, then numbers, then text by bytes.
class value {
  public:
    value() = default;
    value(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
    template <std::integral T>
    value(T v) : held_{static_cast<std::int64_t>(v)} {}  // NOLINT(google-explicit-constructor)
    template <std::floating_point T>
    value(T v) : held_{static_cast<double>(v)} {}                       // NOLINT(google-explicit-constructor)
    template <choice E> value(E v) : held_{std::string{name_of(v)}} {}  // NOLINT(google-explicit-constructor)
    value(std::string v) : held_{std::move(v)} {}                       // NOLINT(google-explicit-constructor)
    value(std::string_view v) : held_{std::string{v}} {}                // NOLINT(google-explicit-constructor)
    value(char const* v) : held_{std::string{v}} {}                     // NOLINT(google-explicit-constructor)
    template <class T> value(std::optional<T> const& v) : value{} {     // NOLINT(google-explicit-constructor)
        if (v) *this = value{*v};
    }

    [[nodiscard]] bool is_null() const { return held_.index() == 0; }
    [[nodiscard]] std::int64_t const* integer() const { return std::get_if<std::int64_t>(&held_); }
    [[nodiscard]] double const* real() const { return std::get_if<double>(&held_); }
    [[nodiscard]] std::string const* text() const { return std::get_if<std::string>(&held_); }
    [[nodiscard]] std::string* text() { return std::get_if<std::string>(&held_); }

    friend bool operator==(value const& a, value const& b) { return equal(a, b); }
    friend bool operator<(value const& a, value const& b) { return less(a, b); }

  private:
    static bool equal(value const& a, value const& b);
    static bool less(value const& a, value const& b);

    std::variant<std::monostate, std::int64_t, double, std::string> held_;
};

/// Cells in the order of the record's fields.
using row = std::vector<value>;

/// The value as messages show it: text in quotes, cut after 60 bytes.
[[nodiscard]] std::string spelled(value const& v);

}  // namespace kvt::inline KVT_ABI::store

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/value.ipp>
#endif
