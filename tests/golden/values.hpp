// Numbers of golden cases, from JSON and back.
#pragma once

#include <kvt/core/json.hpp>

#include <optional>
#include <vector>

namespace golden {

inline std::vector<double> reals(kvt::json const& list) {
    std::vector<double> out;
    for (auto const& v : list.items()) out.push_back(v.real());
    return out;
}
inline std::optional<double> real_or_null(kvt::json const& value) {
    return value.is_null() ? std::nullopt : std::optional{value.real()};
}
inline std::vector<std::optional<double>> reals_or_null(kvt::json const& list) {
    std::vector<std::optional<double>> out;
    for (auto const& v : list.items()) out.push_back(real_or_null(v));
    return out;
}
template <class T> kvt::json or_null(std::optional<T> const& value) { return value ? kvt::json{*value} : kvt::json{}; }

}  // namespace golden
