// interpolation: how much of the right-hand value a position between two groups takes.
#pragma once

#include <kvt/quant/fault.hpp>

#include <cmath>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::quant {

/// `cubic` is flat at both ends; `sigmoid` does not quite reach them (0.0067 and 0.9933).
enum class interpolation : std::uint8_t { linear, cubic, sigmoid };
KVT_CHOICE(interpolation, "linear", "cubic", "sigmoid");

/// The weight of the right-hand value at `a`, 0 at the left end and 1 at the right one (markov-smoothness 5.1).
[[nodiscard]] inline double weight_at(interpolation method, double a) {
    switch (method) {
        case interpolation::linear: return a;
        case interpolation::cubic: return a * a * (3 - 2 * a);
        default: return 1 / (1 + std::exp(-10 * (a - 0.5)));
    }
}

/// The method of that name; throws `invalid_interpolation`.
[[nodiscard]] inline interpolation interpolation_named(std::string_view word) {
    if (auto const found = choice_of<interpolation>(word)) return *found;
    throw quant_error{fault::invalid_interpolation, "interpolation", std::string{word}, "linear, cubic or sigmoid"};
}

/// Throws `invalid_window_size` unless 1..20.
inline void check_window(std::int64_t window) {
    if (window < 1 || window > 20)
        throw quant_error{fault::invalid_window_size, "window", std::to_string(window), "1 to 20 groups"};
}

}  // namespace kvt::inline KVT_ABI::quant
