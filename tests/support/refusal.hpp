// What a call is refused with, and the words of it.
#pragma once

#include <kvt/core/error.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The error that `f` ends in, or none.
template <class E = kvt::error, class F> std::optional<E> error_of(F&& f) {
    try {
        f();
    } catch (E const& e) {
        return e;
    }
    return std::nullopt;
}

/// What that error says; empty where there is none.
template <class F> std::string refusal(F&& f) {
    auto const e = error_of(f);
    return e ? e->what() : "";
}

inline bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
