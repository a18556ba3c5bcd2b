#pragma once

#include <kvt/core/trim.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace kvt::inline KVT_ABI {
namespace detail {

/// Every white-space code point as UTF-8.
inline constexpr std::string_view white_space[] = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1C",   "\x1D",   "\x1E",   "\x1F",
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

/// How many bytes of white space `meets` finds at one end of the text; 0 for none.
template <class Meets> std::size_t space_at_end(Meets meets) {
    auto const found = std::find_if(std::begin(white_space), std::end(white_space), meets);
    return found == std::end(white_space) ? 0 : found->size();
}

}  // namespace detail

KVT_DECL std::string_view trim(std::string_view text) {
    while (auto const n = detail::space_at_end([&](std::string_view space) { return text.starts_with(space); }))
        text.remove_prefix(n);
    while (auto const n = detail::space_at_end([&](std::string_view space) { return text.ends_with(space); }))
        text.remove_suffix(n);
    return text;
}

}  // namespace kvt::inline KVT_ABI
