// The paired sign-flip test: is a mean difference more than chance?
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/moments.hpp>

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// Which outcomes count as at least as extreme as the one seen.
enum class alternative : std::uint8_t { less, greater, two_sided };
KVT_CHOICE(alternative, "less", "greater", "two_sided");

struct sign_flip_result {
    double mean = 0;     ///< of the differences as they are
    double p_value = 1;  ///< (1 + outcomes at least as extreme) / (permutations + 1)
};
KVT_RECORD(sign_flip_result, mean, p_value);

/// Under the hypothesis that pairing made no difference, each sign is a coin toss: flips every difference by the top
/// bit of one draw of `stream`, `permutations` times (Fisher 1935; spec O3.1). Null for no differences.
[[nodiscard]] inline std::optional<sign_flip_result> sign_flip(std::span<double const> differences,
                                                               std::int64_t permutations, random_stream stream,
                                                               alternative side = alternative::less) {
    if (differences.empty()) return std::nullopt;
    constexpr double tie = 1e-12;  // rounding must not turn an equal outcome into a less extreme one
    double const n = static_cast<double>(differences.size());
    double const seen = *mean(differences);
    std::int64_t extreme = 0;
    for (std::int64_t r = 0; r < permutations; ++r) {
        double total = 0;
        for (double const d : differences) total += stream.next() >> 63 ? -d : d;
        double const flipped = total / n;
        if (side == alternative::less) extreme += flipped <= seen + tie;
        else if (side == alternative::greater) extreme += flipped >= seen - tie;
        else extreme += std::abs(flipped) >= std::abs(seen) - tie;
    }
    return sign_flip_result{seen, static_cast<double>(extreme + 1) / static_cast<double>(permutations + 1)};
}

}  // namespace kvt::inline KVT_ABI::numeric
