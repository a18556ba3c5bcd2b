#pragma once

#include <kvt/config/yaml.hpp>
#include <kvt/core/text_file.hpp>

#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>

namespace kvt::inline KVT_ABI::config {
namespace detail {

constexpr std::size_t longest_yaml = std::size_t{4} << 20;
constexpr std::size_t deepest_yaml = 256;
constexpr std::size_t most_yaml_nodes = 1'000'000;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `[-+]?[0-9]+`, or with a point and an exponent: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
enum class numeral : std::uint8_t { none, whole, real };
inline numeral numeral_of(std::string_view text) {
    std::size_t i = 0;
    auto const digits = [&] {
        std::size_t const from = i;
        while (i < text.size() && is_digit(text[i])) ++i;
        return i - from;
    };
    auto const sign = [&] {
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    };
    sign();
    std::size_t count = digits();
    if (count > 0 && i == text.size()) return numeral::whole;
    if (i < text.size() && text[i] == '.') {
        ++i;
        count += digits();
    }
    if (count == 0) return numeral::none;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        sign();
        if (digits() == 0) return numeral::none;
    }
    return i == text.size() ? numeral::real : numeral::none;
}

/// Where a value stands in the document: `kv.budgets[1]`.
inline std::string child_key(std::string const& parent, std::string_view name) {
    return parent.empty() ? std::string{name} : parent + "." + std::string{name};
}

/// Builds the value from yaml-cpp's events. Events, not its nodes, because only they tell plain scalars from quoted ones.
class yaml_reader final : public YAML::EventHandler {
  public:
    explicit yaml_reader(std::string_view where) : where_{where} {}

    void OnDocumentStart(YAML::Mark const&) override {}
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override { scalar(mark, anchor, json{}, ""); }
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        auto const found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse(mark, "an alias inside what it names");
        if (!open_.empty() && open_.back().is_map && !open_.back().has_key) refuse(mark, "an alias as a key");
        auto copy = found->second;
        spend(mark, weight(copy));
        note_line(mark);
        place(mark, std::move(copy));
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& text) override {
        last_ = mark;
        scalar(mark, anchor, typed(mark, tag, text), text);
    }
    void OnSequenceStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        start(mark, anchor, json::array{}, false);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        start(mark, anchor, json::object{}, true);
    }
    void OnMapEnd() override { end(); }

    /// yaml-cpp takes a quoted scalar that no quote closes for one that ends with the file; it is then the last scalar.
    void require_closed_quote(std::string_view text) const {
        if (last_.line < 0) return;
        text.remove_prefix(std::min(static_cast<std::size_t>(last_.pos), text.size()));
        while (!text.empty() && (text.front() == '&' || text.front() == '!')) {  // anchor and tag stand before it
            text.remove_prefix(std::min(text.find_first_of(" \n"), text.size()));
            text.remove_prefix(std::min(text.find_first_not_of(" \r\n"), text.size()));
        }
        if (text.empty() || (text.front() != '"' && text.front() != '\'')) return;
        char const quote = text.front();
        for (std::size_t i = 1; i < text.size(); ++i) {
            bool const escape = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";  // two quotes stand for one
            if (escape) ++i;
            else if (text[i] == quote) return;
        }
        refuse(last_, "a quote that is not closed", std::string{quote});
    }

    document result;

    [[noreturn]] void refuse(YAML::Mark const& mark, std::string problem, std::string expected = {}) const {
        auto const line = mark.line < 0 ? std::string{} : ":" + std::to_string(mark.line + 1);
        throw error{error_kind::malformed, where_ + line, std::move(problem), std::move(expected)};
    }

  private:
    struct level {
        json value;
        bool is_map;
        bool has_key;
        YAML::anchor_t anchor;
        YAML::Mark mark;
        std::string key;     ///< the pending key
        std::string path;    ///< dotted key of this value
        line_map key_lines;  ///< of a mapping's keys, for duplicates
    };

    static std::size_t weight(json const& v) {
        std::size_t total = 1;
        if (v.is_array())
            for (auto const& item : v.items()) total += weight(item);
        if (v.is_object())
            for (auto const& member : v.members()) total += weight(member.second);
        return total;
    }
    void spend(YAML::Mark const& mark, std::size_t nodes) {
        nodes_ += nodes;
        if (nodes_ > most_yaml_nodes) refuse(mark, "more than a million values (aliases written out)");
    }
    json typed(YAML::Mark const& mark, std::string const& tag, std::string const& text) const {
        if (tag == "?" || tag.empty()) return resolve_scalar(text);
        if (tag == "!" || tag == "tag:yaml.org,2002:str") return text;
        constexpr std::string_view core = "tag:yaml.org,2002:";
        auto value = resolve_scalar(text);
        auto const name = tag.starts_with(core) ? tag.substr(core.size()) : std::string{};
        if (name == "float" && value.is_number()) return value.real();
        if ((name == "int" && value.is_integer()) || (name == "bool" && value.is_bool()) ||
            (name == "null" && value.is_null()))
            return value;
        refuse(mark, "the tag " + tag + " does not fit the value",
               "!!str, !!int, !!float, !!bool or !!null, or no tag");
    }
    [[nodiscard]] std::string path_of_next() const {
        if (open_.empty()) return {};
        auto const& top = open_.back();
        return top.is_map ? child_key(top.path, top.key) : top.path + "[" + std::to_string(top.value.size()) + "]";
    }
    void note_line(YAML::Mark const& mark) {
        if (auto path = path_of_next(); !path.empty())
            result.lines.try_emplace(std::move(path), static_cast<std::size_t>(mark.line) + 1);
    }
    void take_key(YAML::Mark const& mark, std::string key) {
        auto& top = open_.back();
        auto const line = static_cast<std::size_t>(mark.line) + 1;
        auto const [first, fresh] = top.key_lines.try_emplace(key, line);
        if (!fresh)
            refuse(mark, "the key \"" + key + "\" stands here a second time",
                   "it once (first on line " + std::to_string(first->second) + ")");
        top.key = std::move(key);
        top.has_key = true;
        note_line(mark);
    }
    void scalar(YAML::Mark const& mark, YAML::anchor_t anchor, json value, std::string const& text) {
        spend(mark, 1);
        if (!open_.empty() && open_.back().is_map && !open_.back().has_key) {
            if (value.is_null()) refuse(mark, "a mapping's key is null", "text");
            return take_key(mark, text);
        }
        note_line(mark);
        if (anchor != 0) anchors_.insert_or_assign(anchor, value);
        place(mark, std::move(value));
    }
    void start(YAML::Mark const& mark, YAML::anchor_t anchor, json value, bool is_map) {
        spend(mark, 1);
        if (open_.size() >= deepest_yaml) refuse(mark, "nesting deeper than " + std::to_string(deepest_yaml));
        if (!open_.empty() && open_.back().is_map && !open_.back().has_key)
            refuse(mark, "a mapping or list as a key, or a bracket that is not closed", "text");
        note_line(mark);
        auto path = path_of_next();
        open_.push_back({std::move(value), is_map, false, anchor, mark, {}, std::move(path), {}});
    }
    void end() {
        auto done = std::move(open_.back());
        open_.pop_back();
        if (done.anchor != 0) anchors_.insert_or_assign(done.anchor, done.value);
        place(done.mark, std::move(done.value));
    }
    void place(YAML::Mark const&, json value) {
        if (open_.empty()) return void(result.value = std::move(value));
        auto& top = open_.back();
        if (!top.is_map) return top.value.push_back(std::move(value));
        top.value.members().emplace_back(std::move(top.key), std::move(value));
        top.has_key = false;
    }

    std::string where_;
    std::vector<level> open_;
    std::map<YAML::anchor_t, json> anchors_;
    std::size_t nodes_ = 0;
    YAML::Mark last_ = YAML::Mark::null_mark();
};

/// Bytes that no YAML file holds: not UTF-8, or control characters.
inline void require_printable(std::string_view text, std::string_view where) {
    if (text.size() > longest_yaml) throw error{error_kind::malformed, std::string{where}, "larger than 4 MiB"};
    if (!simdjson::validate_utf8(text.data(), text.size()))
        throw error{error_kind::malformed, std::string{where}, "not UTF-8"};
    std::size_t line = 1;
    for (char c : text) {
        if (c == '\n') ++line;
        auto const u = static_cast<unsigned char>(c);
        if ((u < 0x20 && c != '\n' && c != '\r' && c != '\t') || u == 0x7f)
            throw error{error_kind::malformed, std::string{where} + ":" + std::to_string(line), "a control character",
                        "text"};
    }
}

inline void emit(YAML::Emitter& out, json const& value) {
    if (value.is_null()) out << YAML::Null;
    else if (value.is_bool()) out << value.boolean();
    else if (value.is_integer()) out << std::to_string(value.integer());
    else if (value.is_real()) {
        double const v = value.real();
        out << (std::isnan(v) ? ".nan" : std::isinf(v) ? (v < 0 ? "-.inf" : ".inf") : shortest(v));
    } else if (value.is_text()) {
        auto const& text = value.text();
        bool const plain = resolve_scalar(text).is_text() && text.find_first_of("\r\n\t") == text.npos &&
                           !text.starts_with("---") && !text.starts_with("...");
        if (plain) out << text;
        else out << YAML::DoubleQuoted << text;
    } else if (value.is_array()) {
        bool flat = true;
        for (auto const& item : value.items()) flat = flat && !item.is_array() && !item.is_object();
        out << (flat ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
        for (auto const& item : value.items()) emit(out, item);
        out << YAML::EndSeq;
    } else {
        out << (value.size() == 0 ? YAML::Flow : YAML::Block) << YAML::BeginMap;
        for (auto const& [key, item] : value.members()) {
            out << YAML::Key;
            emit(out, json{key});
            out << YAML::Value;
            emit(out, item);
        }
        out << YAML::EndMap;
    }
}

}  // namespace detail

KVT_DECL json resolve_scalar(std::string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    auto bare = text;
    bool const negative = bare.front() == '-';
    if (negative || bare.front() == '+') bare.remove_prefix(1);
    if (bare == ".inf" || bare == ".Inf" || bare == ".INF")
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
    auto const kind = detail::numeral_of(text);
    if (kind == detail::numeral::none) return text;
    auto const number = text.front() == '+' ? text.substr(1) : text;  // from_chars takes no plus
    auto const* const end = number.data() + number.size();
    if (std::int64_t whole = 0;
        kind == detail::numeral::whole && std::from_chars(number.data(), end, whole).ec == std::errc{})
        return whole;
    double real = 0;
    if (std::from_chars(number.data(), end, real).ec == std::errc::result_out_of_range) return text;
    return real;
}

KVT_DECL document parse_yaml_document(std::string_view text, std::string_view where) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    detail::require_printable(text, where);
    detail::yaml_reader reader{where};
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        if (parser.HandleNextDocument(reader)) {
            detail::yaml_reader second{where};
            if (parser.HandleNextDocument(second))
                throw error{error_kind::malformed, std::string{where}, "more than one document", "one YAML document"};
        }
        reader.require_closed_quote(text);
    } catch (YAML::Exception const& problem) {
        reader.refuse(problem.mark, "not YAML (" + problem.msg + ")");
    }
    reader.result.path = where;
    return std::move(reader.result);
}

KVT_DECL json parse_yaml(std::string_view text, std::string_view where) {
    return parse_yaml_document(text, where).value;
}

KVT_DECL document read_yaml_file(std::string const& path) { return parse_yaml_document(read_file(path), path); }

KVT_DECL std::string dump_yaml(json const& value) {
    YAML::Emitter out;
    out.SetNullFormat(YAML::LowerNull);
    detail::emit(out, value);
    return std::string{out.c_str(), out.size()} + "\n";
}

}  // namespace kvt::inline KVT_ABI::config
