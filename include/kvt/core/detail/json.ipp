#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/nearest_name.hpp>
#include <kvt/core/text_file.hpp>

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <unordered_map>

namespace kvt::inline KVT_ABI {

KVT_DECL void json::build(json const& other) {
    switch (other.kind_) {
        case held::null: break;
        case held::flag: flag_ = other.flag_; break;
        case held::integer: integer_ = other.integer_; break;
        case held::real: real_ = other.real_; break;
        case held::digits: digits_ = other.digits_; break;
        case held::text: std::construct_at(&text_, other.text_); break;
        case held::items: std::construct_at(&items_, other.items_); break;
        case held::members: std::construct_at(&members_, other.members_); break;
    }
    kind_ = other.kind_;  // last: until here nothing needs to be ended
}
KVT_DECL void json::build(json&& other) noexcept {
    switch (other.kind_) {
        case held::text: std::construct_at(&text_, std::move(other.text_)); break;
        case held::items: std::construct_at(&items_, std::move(other.items_)); break;
        case held::members: std::construct_at(&members_, std::move(other.members_)); break;
        default: return build(std::as_const(other));
    }
    kind_ = other.kind_;
}
KVT_DECL void json::clear() noexcept {
    switch (kind_) {
        case held::text: std::destroy_at(&text_); break;
        case held::items: std::destroy_at(&items_); break;
        case held::members: std::destroy_at(&members_); break;
        default: break;
    }
    kind_ = held::null;
}

KVT_DECL json::json(json const& other) { build(other); }
KVT_DECL json::json(json&& other) noexcept { build(std::move(other)); }
KVT_DECL json& json::operator=(json const& other) {
    if (this != &other) *this = json{other};  // `other` may be part of this
    return *this;
}
KVT_DECL json& json::operator=(json&& other) noexcept {
    if (this == &other) return *this;
    json taken{std::move(other)};  // likewise
    clear();
    build(std::move(taken));
    return *this;
}
KVT_DECL json::~json() { clear(); }

KVT_DECL json::json(std::string v) : kind_{held::text}, text_{std::move(v)} {}
KVT_DECL json::json(std::string_view v) : kind_{held::text}, text_{v} {}
KVT_DECL json::json(char const* v) : kind_{held::text}, text_{v} {}
KVT_DECL json::json(array v) : kind_{held::items}, items_(std::move(v)) {}
KVT_DECL json::json(object v) : kind_{held::members}, members_(std::move(v)) {}
KVT_DECL json json::of(std::initializer_list<member> members) { return json{object(members)}; }
KVT_DECL json json::list(std::initializer_list<json> items) { return json{array(items)}; }

KVT_DECL std::string_view json::type_name() const {
    static constexpr std::string_view names[] = {"null",     "a boolean", "an integer", "a number",
                                                 "a string", "a list",    "a mapping",  "an integer above 2^63"};
    return names[static_cast<std::size_t>(kind_)];
}

namespace detail {
[[noreturn]] KVT_DECL void wrong_type(json const& value, std::string_view expected) {
    throw error{error_kind::malformed, "", "found " + std::string{value.type_name()}, std::string{expected}};
}
}  // namespace detail

KVT_DECL bool json::boolean() const {
    if (is_bool()) return flag_;
    detail::wrong_type(*this, "a boolean");
}
KVT_DECL std::int64_t json::integer() const {
    if (is_integer()) return integer_;
    detail::wrong_type(*this, "an integer");
}
KVT_DECL double json::real() const {
    if (kind_ == held::real) return real_;
    if (is_integer()) return static_cast<double>(integer_);
    if (kind_ == held::digits) return static_cast<double>(digits_);
    detail::wrong_type(*this, "a number");
}
KVT_DECL std::string const& json::text() const {
    if (is_text()) return text_;
    detail::wrong_type(*this, "a string");
}
KVT_DECL json::array const& json::items() const {
    if (is_array()) return items_;
    detail::wrong_type(*this, "a list");
}
KVT_DECL json::array& json::items() { return const_cast<array&>(std::as_const(*this).items()); }
KVT_DECL json::object const& json::members() const {
    if (is_object()) return members_;
    detail::wrong_type(*this, "a mapping");
}
KVT_DECL json::object& json::members() { return const_cast<object&>(std::as_const(*this).members()); }

KVT_DECL json const* json::find(std::string_view key) const {
    if (is_object())
        for (auto const& m : members_)
            if (m.first == key) return &m.second;
    return nullptr;
}
KVT_DECL json* json::find(std::string_view key) { return const_cast<json*>(std::as_const(*this).find(key)); }
KVT_DECL json const& json::at(std::string_view key) const {
    if (auto const* found = find(key)) return *found;
    throw error{error_kind::missing, std::string{key}, "missing key"};
}
KVT_DECL json& json::operator[](std::string_view key) {
    if (is_null()) *this = object{};
    if (auto* found = find(key)) return *found;
    return members().emplace_back(std::string{key}, json{}).second;
}
KVT_DECL void json::push_back(json item) {
    if (is_null()) *this = array{};
    items().push_back(std::move(item));
}
KVT_DECL bool json::erase(std::string_view key) {
    return is_object() && std::erase_if(members_, [&](member const& m) { return m.first == key; }) > 0;
}
KVT_DECL std::size_t json::size() const { return is_array() ? items_.size() : is_object() ? members_.size() : 0; }
KVT_DECL bool json::equal(json const& a, json const& b) {
    if (a.kind_ != b.kind_) return false;
    switch (a.kind_) {
        case held::null: return true;
        case held::flag: return a.flag_ == b.flag_;
        case held::integer: return a.integer_ == b.integer_;
        case held::real: return a.real_ == b.real_;
        case held::digits: return a.digits_ == b.digits_;
        case held::text: return a.text_ == b.text_;
        case held::items: return a.items_ == b.items_;
        case held::members: break;
    }
    if (a.size() != b.size()) return false;
    return std::all_of(a.members_.begin(), a.members_.end(), [&](member const& m) {
        auto const* other = b.find(m.first);
        return other != nullptr && *other == m.second;
    });
}

KVT_DECL std::string shortest(double value) {
    if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
    if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
    char buffer[40];
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    std::string_view const text{buffer, static_cast<std::size_t>(end - buffer)};
    auto const e = text.find('e');
    int exponent = 0;
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
    std::string digits;
    for (char c : text.substr(0, e))
        if (c >= '0' && c <= '9') digits += c;
    std::string out = value < 0 ? "-" : "";
    if (exponent < -4 || exponent > 15) {
        out += digits.substr(0, 1);
        if (digits.size() > 1) out += "." + digits.substr(1);
        auto const size = std::to_string(std::abs(exponent));
        return out + (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
    }
    if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    auto const whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0') + ".0";
    return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

KVT_DECL void append_quoted(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\t': out += "\\t"; break;
            case '\n': out += "\\n"; break;
            case '\f': out += "\\f"; break;
            case '\r': out += "\\r"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += "\\u00", out += hex[static_cast<unsigned char>(c) >> 4], out += hex[c & 15];
                else out += c;
        }
    }
    out += '"';
}

namespace detail {

/// Writes JSON text; `indent` grows only in the pretty style.
struct json_writer {
    std::string& out;
    json_style style;

    void line(int depth) const {
        if (style == json_style::pretty) out += '\n', out.append(static_cast<std::size_t>(depth) * 2, ' ');
    }
    void array(json::array const& items, int depth) const {
        if (items.empty()) return void(out += "[]");
        out += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) out += ',';
            line(depth + 1);
            value(items[i], depth + 1);
        }
        line(depth);
        out += ']';
    }
    void object(json::object const& members, int depth) const {
        if (members.empty()) return void(out += "{}");
        std::vector<json::member const*> order;
        order.reserve(members.size());
        for (auto const& m : members) order.push_back(&m);
        if (style == json_style::canonical)
            std::stable_sort(order.begin(), order.end(),
                             [](auto const* a, auto const* b) { return a->first < b->first; });
        out += '{';
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i > 0) out += ',';
            line(depth + 1);
            append_quoted(out, order[i]->first);
            out += style == json_style::pretty ? ": " : ":";
            value(order[i]->second, depth + 1);
        }
        line(depth);
        out += '}';
    }
    void value(json const& v, int depth) const {
        if (v.is_null()) out += "null";
        else if (v.is_bool()) out += v.boolean() ? "true" : "false";
        else if (v.is_integer()) out += std::to_string(v.integer());
        else if (auto const* whole = v.digits()) out += std::to_string(*whole);
        else if (v.is_real()) out += std::isfinite(v.real()) ? shortest(v.real()) : "null";
        else if (v.is_text()) append_quoted(out, v.text());
        else if (v.is_array()) array(v.items(), depth);
        else object(v.members(), depth);
    }
};

KVT_DECL json from_dom(simdjson::dom::element source, int depth, std::string_view where) {
    using type = simdjson::dom::element_type;
    if (depth > 256) throw error{error_kind::malformed, std::string{where}, "nesting deeper than 256"};
    switch (source.type()) {
        case type::NULL_VALUE: return nullptr;
        case type::BOOL: return bool{source.get_bool()};
        case type::INT64: return std::int64_t{source.get_int64()};
        case type::UINT64: return std::uint64_t{source.get_uint64()};
        case type::DOUBLE: return double{source.get_double()};
        case type::STRING: return std::string_view{source.get_string()};
        case type::ARRAY: {
            json::array items;
            for (auto item : source.get_array()) items.push_back(from_dom(item, depth + 1, where));
            return items;
        }
        default: break;
    }
    json::object members;
    std::unordered_map<std::string_view, std::size_t> places;  // keys live in the parser's buffer
    for (auto [key, value] : source.get_object()) {
        auto const [place, fresh] = places.try_emplace(key, members.size());
        if (fresh) members.emplace_back(std::string{key}, from_dom(value, depth + 1, where));
        else members[place->second].second = from_dom(value, depth + 1, where);
    }
    return members;
}

}  // namespace detail

KVT_DECL std::string dump(json const& value, json_style style) {
    std::string out;
    detail::json_writer{out, style}.value(value, 0);
    return out;
}

KVT_DECL json parse_json(std::string_view text, std::string_view where) {
    constexpr std::size_t longest_kept = std::size_t{4} << 20;  // a parser keeps room for the longest text it has seen
    thread_local simdjson::dom::parser kept;
    simdjson::dom::parser once;
    auto& parser = text.size() <= longest_kept ? kept : once;
    simdjson::dom::element root;
    auto const code = parser.parse(text.data(), text.size()).get(root);
    if (code != simdjson::SUCCESS)
        throw error{error_kind::malformed, std::string{where},
                    std::string{"not JSON ("} + simdjson::error_message(code) + ")", "one JSON document in UTF-8"};
    return detail::from_dom(root, 0, where);
}

KVT_DECL json read_json_file(std::string const& path) { return parse_json(read_file(path), path); }

namespace detail {

KVT_DECL json to_json(field_type const& type, void const* value) {
    switch (type.kind) {
        case field_kind::flag: return type.get_integer(value) != 0;
        case field_kind::integer: return type.get_integer(value);
        case field_kind::real: return type.get_real(value);
        case field_kind::text: return *static_cast<std::string const*>(value);
        case field_kind::tree: return *static_cast<json const*>(value);
        case field_kind::choice: return type.choices[static_cast<std::size_t>(type.get_integer(value))];
        case field_kind::optional: return type.size(value) == 0 ? json{} : to_json(*type.element, type.at(value, 0));
        case field_kind::list: {
            json::array items;
            for (std::size_t i = 0; i < type.size(value); ++i)
                items.push_back(to_json(*type.element, type.at(value, i)));
            return items;
        }
        case field_kind::record: break;
    }
    json::object members;
    members.reserve(type.fields.size());
    for (auto const& f : type.fields) members.emplace_back(std::string{f.name}, to_json(*f.type, f.in(value)));
    return members;
}

KVT_DECL void choice_from_json(field_type const& type, void* value, json const& source, std::string_view where) {
    std::string known;
    for (std::size_t i = 0; i < type.choices.size(); ++i) {
        if (source.is_text() && source.text() == type.choices[i])
            return void(type.set_integer(value, static_cast<std::int64_t>(i)));
        known += (i > 0 ? ", " : "") + std::string{type.choices[i]};
    }
    throw error{error_kind::malformed, std::string{where},
                source.is_text() ? "unknown value \"" + source.text() + "\""
                                 : "found " + std::string{source.type_name()},
                "one of " + known};
}

KVT_DECL void record_from_json(field_type const& type, void* value, json const& source, std::string_view where) {
    if (!source.is_object())
        throw error{error_kind::malformed, std::string{where}, "found " + std::string{source.type_name()}, "a mapping"};
    for (auto const& [key, item] : source.members()) {
        auto const f =
            std::find_if(type.fields.begin(), type.fields.end(), [&](field const& x) { return x.name == key; });
        std::string const path = where.empty() ? key : std::string{where} + "." + key;
        if (f == type.fields.end()) {
            std::vector<std::string_view> names;
            for (auto const& x : type.fields) names.push_back(x.name);
            auto const near = nearest_name(key, names);
            throw error{error_kind::malformed, path,
                        "unknown key" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)")};
        }
        from_json(*f->type, f->of(value), item, path);
    }
}

KVT_DECL void from_json(field_type const& type, void* value, json const& source, std::string_view where) {
    auto const refuse = [&](std::string_view expected) {
        throw error{error_kind::malformed, std::string{where}, "found " + std::string{source.type_name()},
                    std::string{expected}};
    };
    switch (type.kind) {
        case field_kind::flag:
            if (!source.is_bool()) refuse("true or false");
            type.set_integer(value, source.boolean() ? 1 : 0);
            return;
        case field_kind::integer:
            if (!source.is_integer()) refuse("an integer");
            if (!type.set_integer(value, source.integer()))
                throw error{error_kind::malformed, std::string{where},
                            std::to_string(source.integer()) + " is out of range"};
            return;
        case field_kind::real:
            if (!source.is_number()) refuse("a number");
            type.set_real(value, source.real());
            return;
        case field_kind::text:
            if (!source.is_text()) refuse("a string");
            *static_cast<std::string*>(value) = source.text();
            return;
        case field_kind::tree: *static_cast<json*>(value) = source; return;
        case field_kind::choice: choice_from_json(type, value, source, where); return;
        case field_kind::optional:
            type.clear(value);
            if (!source.is_null()) from_json(*type.element, type.grow(value), source, where);
            return;
        case field_kind::list:
            if (!source.is_array()) refuse("a list");
            type.clear(value);
            for (std::size_t i = 0; i < source.size(); ++i)
                from_json(*type.element, type.grow(value), source.items()[i],
                          std::string{where} + "[" + std::to_string(i) + "]");
            return;
        case field_kind::record: record_from_json(type, value, source, where); return;
    }
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI
