// Random loads for the tests of this folder.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/trace/simulate.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace traces {

/// Requests as a Poisson stream of `rate` a second brings them.
inline std::vector<kvt::trace::request> poisson_load(std::uint64_t seed, std::size_t count, double rate) {
    kvt::random_stream stream{static_cast<std::int64_t>(seed), "poisson load"};
    std::vector<kvt::trace::request> out;
    double at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        at += -std::log(1 - stream.unit()) / rate;
        out.push_back({"q" + std::to_string(i), at, static_cast<std::int64_t>(1 + stream.below(1500)),
                       static_cast<std::int64_t>(stream.below(120))});
    }
    return out;
}

inline constexpr kvt::trace::step_engine usual_engine{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4};

}  // namespace traces
