// Where a text stops being JSON, where the rows of its list end, and which bare words stand for numbers it cannot write.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::scaling::detail {

/// A stretch of text.
struct text_piece {
    std::size_t begin = 0, length = 0;
};

/// Walks over one JSON document without building it. Accepts the words NaN, Infinity and -Infinity as values.
class json_outline {
  public:
    explicit json_outline(std::string_view text) : text_{text} {
        skip_space();
        list_ = at_ < text_.size() && text_[at_] == '[';
        whole_ = value(0);
        skip_space();
        if (whole_ && at_ < text_.size()) whole_ = false;
    }

    [[nodiscard]] bool whole() const { return whole_; }
    /// The first byte that does not belong; the text's length where it ends too soon.
    [[nodiscard]] std::size_t stopped_at() const { return at_; }
    /// Whether it is a list that ends before its end.
    [[nodiscard]] bool cut_list() const { return !whole_ && at_ == text_.size() && (list_ || text_.empty()); }
    /// Behind the last whole row of the outer list; 0: there is none.
    [[nodiscard]] std::size_t rows_end() const { return rows_end_; }
    [[nodiscard]] std::vector<text_piece> const& bare_words() const { return bare_; }

  private:
    void skip_space() {
        while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos) ++at_;
    }
    /// Whether the next character is this one; steps over it.
    bool next(char c) {
        skip_space();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool value(int depth) {
        skip_space();
        if (at_ >= text_.size() || depth > 200) return false;
        switch (text_[at_]) {
            case '{': return container('}', depth);
            case '[': return container(']', depth);
            case '"': return quoted();
            default: return bare();
        }
    }
    bool container(char close, int depth) {
        ++at_;
        if (next(close)) return true;
        for (;;) {
            if (close == '}') {
                skip_space();
                if (at_ >= text_.size() || text_[at_] != '"' || !quoted() || !next(':')) return false;
            }
            if (!value(depth + 1)) return false;
            if (depth == 0 && close == ']') rows_end_ = at_;
            if (next(close)) return true;
            if (!next(',')) return false;
        }
    }
    bool quoted() {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') return ++at_, true;
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        }
        return false;
    }
    /// A number or a word; of one that the text's end cuts, nothing is known.
    bool bare() {
        std::size_t const begin = at_;
        while (at_ < text_.size() && std::string_view{",]} \t\r\n"}.find(text_[at_]) == std::string_view::npos) ++at_;
        auto const word = text_.substr(begin, at_ - begin);
        if (at_ == text_.size()) return false;
        if (word == "NaN" || word == "Infinity" || word == "-Infinity") {
            bare_.push_back({begin, word.size()});
            return true;
        }
        bool const known = word == "true" || word == "false" || word == "null" ||
                           (!word.empty() && word.find_first_not_of("+-.0123456789eE") == std::string_view::npos);
        if (!known) at_ = begin;
        return known;
    }

    std::string_view text_;
    std::size_t at_ = 0, rows_end_ = 0;
    bool list_ = false, whole_ = false;
    std::vector<text_piece> bare_;
};

}  // namespace kvt::inline KVT_ABI::scaling::detail
