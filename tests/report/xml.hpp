// A strict little XML reader for tests: refuses what is not well-formed, and returns the text between the tags.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xml {

/// What a well-formed document holds: element names with their attributes, and all character data in order.
struct contents {
    struct element {
        std::string name;
        std::vector<std::pair<std::string, std::string>> attributes;
    };
    std::vector<element> elements;
    std::string text;
};

class reader {
  public:
    explicit reader(std::string_view source) : rest_{source} {}

    contents read() {
        skip_prolog();
        do {
            if (rest_.starts_with("<!--")) cut(rest_.find("-->") + 3);
            else if (rest_.starts_with("</")) close();
            else if (rest_.starts_with("<")) open();
            else {
                auto const raw = rest_.substr(0, rest_.find('<'));
                out_.text += data(raw);
                cut(raw.size());
            }
        } while (!open_.empty() && !rest_.empty());
        if (!open_.empty()) fail("unclosed " + open_.back());
        if (rest_.find_first_not_of(" \n") != rest_.npos) fail("text behind the root element");
        return std::move(out_);
    }

  private:
    [[noreturn]] static void fail(std::string const& why) { throw std::runtime_error{"not well-formed: " + why}; }
    void cut(std::size_t n) {
        if (n > rest_.size()) fail("ends early");
        rest_.remove_prefix(n);
    }
    void skip_prolog() {
        while (rest_.starts_with("<?") || rest_.starts_with("<!DOCTYPE") || rest_.starts_with("\n"))
            cut(rest_.starts_with("\n") ? 1 : rest_.find('>') + 1);
    }
    static bool named(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':' ||
               c == '_' || c == '.';
    }
    std::string name() {
        std::size_t n = 0;
        while (n < rest_.size() && named(rest_[n])) ++n;
        if (n == 0) fail("no name at " + std::string{rest_.substr(0, 20)});
        std::string out{rest_.substr(0, n)};
        cut(n);
        return out;
    }
    void blanks() { cut(std::min(rest_.find_first_not_of(" \n\t"), rest_.size())); }
    /// Character data with its references resolved.
    static std::string data(std::string_view raw) {
        if (raw.find("]]>") != raw.npos) fail("]]> in text");
        std::string out;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (static_cast<unsigned char>(raw[i]) < 0x20 && raw[i] != '\n' && raw[i] != '\t')
                fail("a control character");
            if (raw[i] != '&') {
                out += raw[i];
                continue;
            }
            static constexpr std::pair<std::string_view, char> known[] = {
                {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
            bool found = false;
            for (auto const& [spelling, c] : known)
                if (raw.substr(i).starts_with(spelling)) out += c, i += spelling.size() - 1, found = true;
            if (!found) fail("a bare &");
        }
        return out;
    }
    void open() {
        cut(1);
        contents::element e{name(), {}};
        for (blanks(); !rest_.empty() && rest_.front() != '>' && rest_.front() != '/'; blanks()) {
            auto key = name();
            blanks();
            if (!rest_.starts_with("=")) fail("attribute " + key + " without a value");
            cut(1);
            blanks();
            char const quote = rest_.empty() ? ' ' : rest_.front();
            if (quote != '"' && quote != '\'') fail("attribute " + key + " without quotes");
            cut(1);
            auto const raw = rest_.substr(0, rest_.find(quote));
            if (raw.find('<') != raw.npos) fail("< in an attribute");
            for (auto const& [other, value] : e.attributes)
                if (other == key) fail("attribute " + key + " twice");
            e.attributes.emplace_back(std::move(key), data(raw));
            cut(raw.size() + 1);
        }
        if (rest_.starts_with("/>")) cut(2);
        else cut(1), open_.push_back(e.name);
        out_.elements.push_back(std::move(e));
    }
    void close() {
        cut(2);
        auto const closing = name();
        if (open_.empty() || open_.back() != closing) fail("</" + closing + ">");
        open_.pop_back();
        blanks();
        if (!rest_.starts_with(">")) fail("an end tag with more");
        cut(1);
    }

    std::string_view rest_;
    std::vector<std::string> open_;
    contents out_;
};

[[nodiscard]] inline contents read(std::string_view source) { return reader{source}.read(); }

}  // namespace xml
