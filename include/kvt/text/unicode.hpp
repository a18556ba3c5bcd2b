// Character classes and lower case (Unicode 14): one table look-up a character.
#pragma once

#include <kvt/core/trim.hpp>
#include <kvt/text/utf8.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::text {

/// Bits of a character's classes.
struct char_class {
    static constexpr std::uint8_t alnum = 1;       ///< category L*, or any numeric type
    static constexpr std::uint8_t space = 2;       ///< the 29 white-space code points
    static constexpr std::uint8_t digit = 4;       ///< category Nd
    static constexpr std::uint8_t cased = 8;       ///< cased and not case-ignorable
    static constexpr std::uint8_t ignorable = 16;  ///< case-ignorable
    static constexpr std::uint8_t upper = 32;      ///< has another lower-case form
    static constexpr std::uint8_t ideograph = 64;  ///< of a script written without spaces (spec E3)
};

/// The classes of all code points in a two-stage table.
class unicode_table {
  public:
    /// Built on first use, then shared.
    [[nodiscard]] static unicode_table const& get();

    [[nodiscard]] std::uint8_t operator()(char32_t c) const {
        return c < 0x110000 ? blocks_[index_[c >> 8]][c & 0xFFU] : std::uint8_t{0};
    }

  private:
    unicode_table();
    using block = std::array<std::uint8_t, 256>;
    std::vector<block> blocks_;
    std::array<std::uint16_t, 0x1100> index_{};
};

[[nodiscard]] inline bool is_alnum(char32_t c) { return (unicode_table::get()(c) & char_class::alnum) != 0; }
[[nodiscard]] inline bool is_space(char32_t c) { return (unicode_table::get()(c) & char_class::space) != 0; }
[[nodiscard]] inline bool is_digit(char32_t c) { return (unicode_table::get()(c) & char_class::digit) != 0; }
/// Alphanumeric or underscore.
[[nodiscard]] inline bool is_word(char32_t c) { return c == U'_' || is_alnum(c); }
/// Kana, Han, Hangul and their compatibility forms: the ranges of spec E3.
[[nodiscard]] inline bool is_ideograph(char32_t c) { return (unicode_table::get()(c) & char_class::ideograph) != 0; }

/// The simple lower-case form; U+0130, whose full form has two characters, gives its first, `i`.
[[nodiscard]] char32_t lower(char32_t c);
/// Appends the full lower-case form of the character at `at`: U+0130 gives two characters, capital sigma the final form
/// at the end of a word (Unicode 14, section 3.13, Final_Sigma). Returns how many bytes of `text` it took.
std::size_t append_lower(std::string& out, std::string_view text, std::size_t at);
/// The full lower-case form of a text.
[[nodiscard]] std::string lower(std::string_view text);

using kvt::trim;

}  // namespace kvt::inline KVT_ABI::text

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/text/detail/unicode.ipp>
#endif
