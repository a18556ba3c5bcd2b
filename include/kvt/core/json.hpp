// JSON values, text and records: what configuration, manifests, requests and reports are written in.
#pragma once

#include <kvt/core/record.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI {

/// A JSON value. Objects keep the order in which keys were added; integers and doubles stay apart. A whole number above
/// 2^63 - 1 is a real one that keeps its digits (up to 2^64 - 1).
class json {
  public:
    using array = std::vector<json>;
    using member = std::pair<std::string, json>;
    using object = std::vector<member>;

    json() noexcept {}
    json(json const& other);
    json(json&& other) noexcept;
    json& operator=(json const& other);
    json& operator=(json&& other) noexcept;
    ~json();

    json(std::nullptr_t) {}                        // NOLINT(google-explicit-constructor)
    json(bool v) : kind_{held::flag}, flag_{v} {}  // NOLINT(google-explicit-constructor)
    template <std::integral T> json(T v) : kind_{held::integer}, integer_{static_cast<std::int64_t>(v)} {  // NOLINT
        if constexpr (std::unsigned_integral<T> && sizeof(T) >= sizeof(std::int64_t))
            if (v > std::numeric_limits<std::int64_t>::max()) kind_ = held::digits, digits_ = v;
    }
    template <std::floating_point T> json(T v) : kind_{held::real}, real_{static_cast<double>(v)} {}  // NOLINT
    json(std::string v);       // NOLINT(google-explicit-constructor)
    json(std::string_view v);  // NOLINT(google-explicit-constructor)
    json(char const* v);       // NOLINT(google-explicit-constructor)
    json(array v);             // NOLINT(google-explicit-constructor)
    json(object v);            // NOLINT(google-explicit-constructor)

    /// Builds an object: `json::of({{"kv", 1}, {"name", "x"}})`; and an array: `json::list({1, 2})`.
    [[nodiscard]] static json of(std::initializer_list<member> members);
    [[nodiscard]] static json list(std::initializer_list<json> items);

    [[nodiscard]] bool is_null() const { return kind_ == held::null; }
    [[nodiscard]] bool is_bool() const { return kind_ == held::flag; }
    [[nodiscard]] bool is_integer() const { return kind_ == held::integer; }
    [[nodiscard]] bool is_real() const { return kind_ == held::real || kind_ == held::digits; }
    [[nodiscard]] bool is_number() const { return is_integer() || is_real(); }
    [[nodiscard]] bool is_text() const { return kind_ == held::text; }
    [[nodiscard]] bool is_array() const { return kind_ == held::items; }
    [[nodiscard]] bool is_object() const { return kind_ == held::members; }
    /// "null", "boolean", "integer", "number", "string", "list" or "mapping": for messages.
    [[nodiscard]] std::string_view type_name() const;

    /// The value as the named type; throws `error{malformed}` where it is another. `real` accepts integers.
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::int64_t integer() const;
    [[nodiscard]] double real() const;
    /// The whole number above 2^63 - 1 that this is, or null; `real` is only near it.
    [[nodiscard]] std::uint64_t const* digits() const { return kind_ == held::digits ? &digits_ : nullptr; }
    [[nodiscard]] std::string const& text() const;
    [[nodiscard]] array const& items() const;
    [[nodiscard]] array& items();
    [[nodiscard]] object const& members() const;
    [[nodiscard]] object& members();

    /// The member of that name, or null (also when this is not an object).
    [[nodiscard]] json const* find(std::string_view key) const;
    [[nodiscard]] json* find(std::string_view key);
    /// The member of that name; throws `error{missing}` naming the key.
    [[nodiscard]] json const& at(std::string_view key) const;
    /// The member of that name, added where absent; null becomes an empty object.
    json& operator[](std::string_view key);
    /// Appends to an array; null becomes an empty array.
    void push_back(json item);
    /// Removes the member of that name; false where there was none.
    bool erase(std::string_view key);
    [[nodiscard]] std::size_t size() const;  ///< items or members; 0 for scalars

    /// Equal values; objects compare as sets of members, 1 and 1.0 differ.
    friend bool operator==(json const& a, json const& b) { return equal(a, b); }

  private:
    enum class held : std::uint8_t { null, flag, integer, real, text, items, members, digits };
    static bool equal(json const& a, json const& b);
    void build(json const& other);  ///< into storage that holds nothing
    void build(json&& other) noexcept;
    void clear() noexcept;  ///< what is left is null

    // A union by hand: a std::variant of these would be instantiated by every program that includes this header.
    held kind_ = held::null;
    union {
        bool flag_;
        std::int64_t integer_;
        double real_;
        std::uint64_t digits_;
        std::string text_;
        array items_;
        object members_;
    };
};

/// How to lay out JSON text. `canonical` sorts keys by code point; `compact` and `pretty` (two spaces) keep order.
/// All leave non-ASCII unescaped; doubles are the shortest digits that read back (spec 0, "Canonical JSON").
enum class json_style : std::uint8_t { compact, pretty, canonical };

[[nodiscard]] std::string dump(json const& value, json_style style = json_style::compact);
/// A double as canonical JSON writes it: shortest round-trip, positional for exponents -4..15, always with a point.
[[nodiscard]] std::string shortest(double value);
/// Appends `text` as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);

/// Reads one JSON document. `where` names the source in errors. Duplicate keys keep the last value; nesting deeper
/// than 256 is refused, as are whole numbers beyond 64 bits. Throws `error{malformed}`.
[[nodiscard]] json parse_json(std::string_view text, std::string_view where = "JSON");
/// Reads a whole file; throws `error{missing|io|malformed}` naming it.
[[nodiscard]] json read_json_file(std::string const& path);

namespace detail {
[[nodiscard]] json to_json(field_type const& type, void const* value);
void from_json(field_type const& type, void* value, json const& source, std::string_view where);
}  // namespace detail

/// Any record as a JSON object, in field order.
template <record R> [[nodiscard]] json to_json(R const& r) { return detail::to_json(type_of<R>(), &r); }

/// Records as a JSON list.
template <record R> [[nodiscard]] json to_json(std::vector<R> const& rows) {
    return detail::to_json(detail::field_type_v<std::vector<R>>, &rows);
}

/// A JSON object as a record: absent keys keep the record's defaults, unknown keys are refused with the nearest known
/// one named, and every error says which key (`where.key`).
template <record R> [[nodiscard]] R from_json(json const& source, std::string_view where = "JSON", R start = {}) {
    detail::from_json(type_of<R>(), &start, source, where);
    return start;
}

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/json.ipp>
#endif
