#pragma once

#include <kvt/text/normalize.hpp>
#include <kvt/text/unicode.hpp>

namespace kvt::inline KVT_ABI::text {

namespace detail {

/// Writes kept characters; spaces wait until a kept character follows, which trims both ends.
struct normalized_text {
    std::string out;
    std::size_t waiting = 0;
    bool in_word = true;  // no space before the first word

    void space() { in_word = false; }
    void kept(std::string_view bytes) {
        begin_word();
        if (!out.empty()) out.append(waiting, ' ');
        waiting = 0;
        out += bytes;
    }
    void begin_word() {
        if (!in_word) ++waiting, in_word = true;
    }
};

}  // namespace detail

KVT_DECL std::string normalize(std::string_view text) {
    auto const& classes = unicode_table::get();
    detail::normalized_text result;
    result.out.reserve(text.size());
    std::string lowered;
    for (std::size_t i = 0; i < text.size();) {
        auto const byte = static_cast<unsigned char>(text[i]);
        auto const bits = byte < 0x80 ? classes(byte) : std::uint8_t{0};
        if (byte < 0x80 && (bits & char_class::upper) == 0) {
            if ((bits & char_class::space) != 0) result.space();
            else if ((bits & char_class::alnum) != 0 || byte == '_') result.kept(text.substr(i, 1));
            else result.begin_word();
            ++i;
            continue;
        }
        lowered.clear();
        i += append_lower(lowered, text, i);
        for (std::size_t j = 0; j < lowered.size();) {
            auto const c = decode(lowered, j);
            if ((classes(c.value) & char_class::space) != 0) result.space();
            else if (is_word(c.value)) result.kept(std::string_view{lowered}.substr(j, c.size));
            else result.begin_word();
            j += c.size;
        }
    }
    return std::move(result.out);
}

KVT_DECL std::vector<std::string_view> words(std::string_view text) {
    auto const& classes = unicode_table::get();
    std::vector<std::string_view> found;
    std::size_t begin = std::string_view::npos;
    for (std::size_t i = 0; i < text.size();) {
        auto const c = decode(text, i);
        if ((classes(c.value) & char_class::space) != 0) {
            if (begin != std::string_view::npos) found.push_back(text.substr(begin, i - begin));
            begin = std::string_view::npos;
        } else if (begin == std::string_view::npos) {
            begin = i;
        }
        i += c.size;
    }
    if (begin != std::string_view::npos) found.push_back(text.substr(begin));
    return found;
}

}  // namespace kvt::inline KVT_ABI::text
