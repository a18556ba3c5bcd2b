#pragma once

#include <kvt/text/tokens.hpp>
#include <kvt/text/unicode.hpp>

namespace kvt::inline KVT_ABI::text {

KVT_DECL token_tally tally(std::string_view text) {
    auto const& classes = unicode_table::get();
    token_tally t;
    // 1 after a space (for `words`), or after a space or an ideograph (for `spaced_words`), else 0.
    std::size_t gap = 1, spaced_gap = 1;
    for (std::size_t i = 0; i < text.size();) {
        auto const c = decode(text, i);
        auto const bits = classes(c.value);
        std::size_t const space = (bits & char_class::space) != 0 ? 1 : 0;
        std::size_t const ideograph = (bits & char_class::ideograph) != 0 ? 1 : 0;
        std::size_t const symbol = (bits & (char_class::space | char_class::alnum)) == 0 ? 1 : 0;
        t.words += gap & (space ^ 1U);
        t.spaced_words += spaced_gap & ((space | ideograph) ^ 1U);
        t.symbols += symbol;
        t.ideographs += ideograph;
        t.spaced_symbols += symbol & (ideograph ^ 1U);
        gap = space;
        spaced_gap = space | ideograph;
        ++t.characters;
        i += c.size;
    }
    return t;
}

}  // namespace kvt::inline KVT_ABI::text
