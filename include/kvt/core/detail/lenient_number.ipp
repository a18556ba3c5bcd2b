#pragma once

#include <kvt/core/lenient_number.hpp>
#include <kvt/core/trim.hpp>

#include <charconv>
#include <cmath>

namespace kvt::inline KVT_ABI {
namespace detail {

template <class T> std::optional<T> number_in(std::string_view text) {
    text = trim(text);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars takes no plus
    T out{};
    auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    return code == std::errc{} && end == text.data() + text.size() ? std::optional{out} : std::nullopt;
}

}  // namespace detail

KVT_DECL std::optional<std::int64_t> lenient_integer(json const& value) {
    if (value.is_integer()) return value.integer();
    return value.is_text() ? detail::number_in<std::int64_t>(value.text()) : std::nullopt;
}

KVT_DECL std::optional<double> lenient_real(json const& value) {
    auto const out = value.is_number() ? std::optional{value.real()}
                     : value.is_text() ? detail::number_in<double>(value.text())
                                       : std::nullopt;
    return out && std::isfinite(*out) ? out : std::nullopt;
}

}  // namespace kvt::inline KVT_ABI
