#pragma once

#include <kvt/text/detail/unicode_tables.hpp>
#include <kvt/text/unicode.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace kvt::inline KVT_ABI::text {

namespace detail {

/// Spec E3.
inline constexpr code_range ideograph[] = {{0x3040, 0x30FF}, {0x31F0, 0x31FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                                           {0xAC00, 0xD7AF}, {0xF900, 0xFAFF}, {0xFF66, 0xFF9F}, {0x20000, 0x323AF}};

/// Whether the code points from `at` on consist of case-ignorable ones followed by a cased one.
KVT_DECL bool cased_follows(std::string_view text, std::size_t at) {
    auto const& classes = unicode_table::get();
    while (at < text.size()) {
        auto const c = decode(text, at);
        auto const bits = classes(c.value);
        if ((bits & char_class::ignorable) == 0) return (bits & char_class::cased) != 0;
        at += c.size;
    }
    return false;
}

/// The same backwards, from the code point that ends at `end`.
KVT_DECL bool cased_precedes(std::string_view text, std::size_t end) {
    auto const& classes = unicode_table::get();
    while (end > 0) {
        auto begin = end - 1;
        while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
        auto c = decode(text, begin);
        if (begin + c.size != end) begin = end - 1, c = {replacement_character, 1};  // an ill-formed tail
        auto const bits = classes(c.value);
        if ((bits & char_class::ignorable) == 0) return (bits & char_class::cased) != 0;
        end = begin;
    }
    return false;
}

}  // namespace detail

KVT_DECL unicode_table::unicode_table() : blocks_(1) {
    auto const at = [this](std::uint32_t c) -> std::uint8_t& {
        if (index_[c >> 8] == 0) {
            index_[c >> 8] = static_cast<std::uint16_t>(blocks_.size());
            blocks_.emplace_back();
        }
        return blocks_[index_[c >> 8]][c & 0xFFU];
    };
    auto const mark = [&](std::span<detail::code_range const> ranges, std::uint8_t bit) {
        for (auto const& r : ranges)
            for (auto c = r.first; c <= r.last; ++c) at(c) |= bit;
    };
    mark(detail::alnum, char_class::alnum);
    mark(detail::space, char_class::space);
    mark(detail::decimal_digit, char_class::digit);
    mark(detail::cased_not_ignorable, char_class::cased);
    mark(detail::case_ignorable, char_class::ignorable);
    mark(detail::ideograph, char_class::ideograph);
    for (auto const& r : detail::lower_runs)
        for (auto c = r.first; c <= r.last; c += r.step) at(c) |= char_class::upper;
    at(0x130) |= char_class::upper;
    // Whole blocks of Han and Hangul look alike: neighbours share one.
    std::vector<block> distinct(1);
    for (std::size_t i = 0; i < index_.size(); ++i) {
        if (index_[i] == 0) continue;
        auto const& b = blocks_[index_[i]];
        if (b != distinct.back()) distinct.push_back(b);
        index_[i] = static_cast<std::uint16_t>(distinct.size() - 1);
    }
    blocks_ = std::move(distinct);
}

KVT_DECL unicode_table const& unicode_table::get() {
    static unicode_table const table;
    return table;
}

KVT_DECL char32_t lower(char32_t c) {
    if (c < 0x80) return c >= U'A' && c <= U'Z' ? c + 32 : c;
    if (c == 0x130) return U'i';
    if ((unicode_table::get()(c) & char_class::upper) == 0) return c;
    auto const run = std::prev(std::upper_bound(std::begin(detail::lower_runs), std::end(detail::lower_runs), c,
                                                [](char32_t x, detail::lower_run const& r) { return x < r.first; }));
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + run->delta);
}

KVT_DECL std::size_t append_lower(std::string& out, std::string_view text, std::size_t at) {
    constexpr char32_t dotted_i = 0x130, capital_sigma = 0x3A3, final_sigma = 0x3C2, combining_dot_above = 0x307;
    auto const [c, size] = decode(text, at);
    if (c == capital_sigma && detail::cased_precedes(text, at) && !detail::cased_follows(text, at + size))
        append_utf8(out, final_sigma);
    else append_utf8(out, lower(c));
    if (c == dotted_i) append_utf8(out, combining_dot_above);
    return size;
}

KVT_DECL std::string lower(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) i += append_lower(out, text, i);
    return out;
}

}  // namespace kvt::inline KVT_ABI::text
