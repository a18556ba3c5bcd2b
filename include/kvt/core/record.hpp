// Records: plain structs declared once with KVT_RECORD, then read and written by every format alike.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/fixed_string.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kvt::inline KVT_ABI {

class json;

/// The shapes a field can have. `optional` is a list of at most one element.
enum class field_kind : std::uint8_t { flag, integer, real, text, choice, optional, list, record, tree };

struct field;

/// A field's type without its type: what the formats (JSON, CSV, SQL, YAML, tables) need to read and write it.
/// Only the members that belong to `kind` are set.
struct field_type {
    field_kind kind{};
    std::int64_t (*get_integer)(void const*) = nullptr;     ///< flag (0/1), integer, choice (its index)
    bool (*set_integer)(void*, std::int64_t) = nullptr;     ///< false where the value does not fit
    double (*get_real)(void const*) = nullptr;              ///< real
    void (*set_real)(void*, double) = nullptr;              ///< real
    std::span<std::string_view const> choices{};            ///< choice: the spellings, in enumerator order
    field_type const* element = nullptr;                    ///< optional, list
    std::size_t (*size)(void const*) = nullptr;             ///< optional, list
    void const* (*at)(void const*, std::size_t) = nullptr;  ///< optional, list
    void* (*grow)(void*) = nullptr;                         ///< optional, list: appends a default element
    void (*clear)(void*) = nullptr;                         ///< optional, list
    std::span<field const> fields{};                        ///< record
};

/// One named member of a record.
struct field {
    std::string_view name;
    field_type const* type;
    void* (*of)(void*);  ///< address of the member in the record at the given address

    [[nodiscard]] void const* in(void const* record) const { return of(const_cast<void*>(record)); }
    [[nodiscard]] bool required() const { return type->kind != field_kind::optional; }
};

/// One member at compile time: its name and how to reach it. Callable, so that it serves as a Hana accessor.
template <fixed_string Name, auto Pointer> struct member;
template <fixed_string Name, class R, class T, T R::*Pointer> struct member<Name, Pointer> {
    using type = T;
    static constexpr fixed_string label = Name;
    static constexpr std::string_view name = Name.view();
    static void* of(void* record) { return &(static_cast<R*>(record)->*Pointer); }
    constexpr T const& operator()(R const& record) const { return record.*Pointer; }
    constexpr T& operator()(R& record) const { return record.*Pointer; }
};
template <class... Members> struct member_list {};

/// Satisfied by every struct that `KVT_RECORD` names; the declaration is found by argument-dependent lookup.
template <class R> concept record = requires(R* r) { kvt_record_members(r); };

/// The names of an enumeration's values: declared with `KVT_CHOICE`.
template <class E> concept choice = std::is_enum_v<E> && requires(E* e) { kvt_choice_names(e); };

namespace detail {

template <class T> struct field_type_of {
    static_assert(sizeof(T) == 0, "kvt: a record's field must be bool, an integer, a floating-point number, std::string, "
                                  "kvt::json, an enum named by KVT_CHOICE, another record, or std::optional or "
                                  "std::vector of one of these");
};
template <class T> inline constexpr field_type field_type_v = field_type_of<T>::value;

template <> struct field_type_of<bool> {
    static std::int64_t get(void const* p) { return *static_cast<bool const*>(p) ? 1 : 0; }
    static bool set(void* p, std::int64_t v) {
        *static_cast<bool*>(p) = v != 0;
        return v == 0 || v == 1;
    }
    static constexpr field_type value{.kind = field_kind::flag, .get_integer = get, .set_integer = set};
};
template <std::integral T> struct field_type_of<T> {
    static std::int64_t get(void const* p) { return static_cast<std::int64_t>(*static_cast<T const*>(p)); }
    static bool set(void* p, std::int64_t v) {
        *static_cast<T*>(p) = static_cast<T>(v);
        return static_cast<std::int64_t>(*static_cast<T*>(p)) == v && (std::is_signed_v<T> || v >= 0);
    }
    static constexpr field_type value{.kind = field_kind::integer, .get_integer = get, .set_integer = set};
};
template <std::floating_point T> struct field_type_of<T> {
    static double get(void const* p) { return static_cast<double>(*static_cast<T const*>(p)); }
    static void set(void* p, double v) { *static_cast<T*>(p) = static_cast<T>(v); }
    static constexpr field_type value{.kind = field_kind::real, .get_real = get, .set_real = set};
};
template <> struct field_type_of<std::string> {
    static constexpr field_type value{.kind = field_kind::text};
};
template <> struct field_type_of<json> {
    static constexpr field_type value{.kind = field_kind::tree};
};
template <choice E> struct field_type_of<E> {
    static constexpr auto names = kvt_choice_names(static_cast<E*>(nullptr));
    static std::int64_t get(void const* p) { return static_cast<std::int64_t>(*static_cast<E const*>(p)); }
    static bool set(void* p, std::int64_t v) {
        *static_cast<E*>(p) = static_cast<E>(v);
        return v >= 0 && static_cast<std::size_t>(v) < names.size();
    }
    static constexpr field_type value{
        .kind = field_kind::choice, .get_integer = get, .set_integer = set, .choices = names};
};
template <class T> struct field_type_of<std::optional<T>> {
    static std::size_t size(void const* p) { return static_cast<std::optional<T> const*>(p)->has_value() ? 1 : 0; }
    static void const* at(void const* p, std::size_t) { return &**static_cast<std::optional<T> const*>(p); }
    static void* grow(void* p) { return &static_cast<std::optional<T>*>(p)->emplace(); }
    static void clear(void* p) { static_cast<std::optional<T>*>(p)->reset(); }
    static constexpr field_type value{.kind = field_kind::optional,
                                      .element = &field_type_v<T>,
                                      .size = size,
                                      .at = at,
                                      .grow = grow,
                                      .clear = clear};
};
template <class T> struct field_type_of<std::vector<T>> {
    static_assert(!std::same_as<T, bool>, "kvt: a record's list of flags must not be std::vector<bool>; use "
                                          "std::vector<std::uint8_t>");
    static std::size_t size(void const* p) { return static_cast<std::vector<T> const*>(p)->size(); }
    static void const* at(void const* p, std::size_t i) { return &(*static_cast<std::vector<T> const*>(p))[i]; }
    static void* grow(void* p) { return &static_cast<std::vector<T>*>(p)->emplace_back(); }
    static void clear(void* p) { static_cast<std::vector<T>*>(p)->clear(); }
    static constexpr field_type value{.kind = field_kind::list,
                                      .element = &field_type_v<T>,
                                      .size = size,
                                      .at = at,
                                      .grow = grow,
                                      .clear = clear};
};

template <class List> struct field_table;
template <class... Members> struct field_table<member_list<Members...>> {
    static constexpr std::array<field, sizeof...(Members)> value{
        {field{Members::name, &field_type_v<typename Members::type>, &Members::of}...}};
};

}  // namespace detail

/// The record's members as a type list, for code that stays heterogeneous at compile time.
template <record R> using members_of = decltype(kvt_record_members(static_cast<R*>(nullptr)));

/// The record's members as an ordinary table, for loops.
template <record R> [[nodiscard]] constexpr std::span<field const> fields_of() {
    return detail::field_table<members_of<R>>::value;
}

template <record R> struct detail::field_type_of<R> {
    static constexpr field_type value{.kind = field_kind::record,
                                      .fields = detail::field_table<members_of<R>>::value};
};

/// The erased type of a record, as the format readers and writers take it.
template <record R> [[nodiscard]] constexpr field_type const& type_of() { return detail::field_type_v<R>; }

/// Spelling of an enumeration value, and back (empty where the word is unknown).
template <choice E> [[nodiscard]] constexpr std::string_view name_of(E value) {
    return detail::field_type_of<E>::names[static_cast<std::size_t>(value)];
}
template <choice E> [[nodiscard]] constexpr std::optional<E> choice_of(std::string_view word) {
    auto const& names = detail::field_type_of<E>::names;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == word) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace kvt::inline KVT_ABI

#define KVT_DETAIL_PARENS ()
#define KVT_DETAIL_EXPAND(...) KVT_DETAIL_EXPAND1(KVT_DETAIL_EXPAND1(KVT_DETAIL_EXPAND1(__VA_ARGS__)))
#define KVT_DETAIL_EXPAND1(...) KVT_DETAIL_EXPAND2(KVT_DETAIL_EXPAND2(KVT_DETAIL_EXPAND2(__VA_ARGS__)))
#define KVT_DETAIL_EXPAND2(...) KVT_DETAIL_EXPAND3(KVT_DETAIL_EXPAND3(KVT_DETAIL_EXPAND3(__VA_ARGS__)))
#define KVT_DETAIL_EXPAND3(...) __VA_ARGS__
#define KVT_DETAIL_MEMBERS(R, name, ...) \
    ::kvt::member<#name, &R::name> __VA_OPT__(, KVT_DETAIL_MEMBERS_AGAIN KVT_DETAIL_PARENS(R, __VA_ARGS__))
#define KVT_DETAIL_MEMBERS_AGAIN() KVT_DETAIL_MEMBERS

/// Names a struct's members, right below the struct and in its namespace. From this one line follow JSON, CSV, SQL,
/// YAML, printed tables, report tables and the Hana Struct. At most about 38 members.
/// Example: `struct point { double x, y; }; KVT_RECORD(point, x, y);`
#define KVT_RECORD(R, ...)                                                                                              \
    [[maybe_unused]] constexpr ::kvt::member_list<KVT_DETAIL_EXPAND(KVT_DETAIL_MEMBERS(R, __VA_ARGS__))>                \
    kvt_record_members(R*) {                                                                                            \
        return {};                                                                                                      \
    }                                                                                                                   \
    static_assert(true)

/// A record without members (a policy without parameters).
#define KVT_EMPTY_RECORD(R)                                                        \
    [[maybe_unused]] constexpr ::kvt::member_list<> kvt_record_members(R*) {       \
        return {};                                                                 \
    }                                                                              \
    static_assert(true)

/// Names an enumeration's values in order, starting at 0: `KVT_CHOICE(mode, "prompt", "capped");`
#define KVT_CHOICE(E, ...)                                          \
    [[maybe_unused]] constexpr auto kvt_choice_names(E*) {          \
        return std::to_array<std::string_view>({__VA_ARGS__});      \
    }                                                               \
    static_assert(true)
