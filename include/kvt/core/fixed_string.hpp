// A string literal as a template argument.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// Holds the characters of a literal (with its terminator), so that names can be part of a type.
template <std::size_t N> struct fixed_string {
    char text[N]{};

    consteval fixed_string(char const (&literal)[N]) {  // NOLINT(google-explicit-constructor): meant to convert
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

}  // namespace kvt::inline KVT_ABI
