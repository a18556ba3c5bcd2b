// log_grid: points evenly spaced in the logarithm.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// `count` powers 10^x, x evenly spaced from log10(low) to log10(high), the last x exactly that (scaling-laws 1.3). One
/// point is `low`, whatever `high`. The ends are powers, so they may differ from `low` and `high` in the last place.
[[nodiscard]] inline std::vector<double> log_grid(double low, double high, std::int64_t count) {
    std::vector<double> out;
    double const from = std::log10(low), to = std::log10(high);
    for (std::int64_t j = 0; j < count; ++j) {
        double const x = count == 1 ? from
                         : j == count - 1
                             ? to
                             : from + static_cast<double>(j) * (to - from) / static_cast<double>(count - 1);
        out.push_back(std::pow(10.0, x));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
