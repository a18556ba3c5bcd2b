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

/// The p-values of all alternatives, from the same flips.
struct sign_flip_tails {
    double mean = 0;  ///< of the differences as they are
    double less = 1, greater = 1, two_sided = 1;
};
KVT_RECORD(sign_flip_tails, mean, less, greater, two_sided);

/// Under the hypothesis that pairing made no difference, each sign is a coin toss: flips every difference by the top
/// bit of one draw of `stream`, `permutations` times (Fisher 1935; spec O3.1). Null for no differences.
[[nodiscard]] inline std::optional<sign_flip_tails> sign_flip_all(std::span<double const> differences,
                                                                  std::int64_t permutations, random_stream stream) {
    if (differences.empty()) return std::nullopt;
    constexpr double tie = 1e-12;  // rounding must not turn an equal outcome into a less extreme one
    double const n = static_cast<double>(differences.size());
    double const seen = *mean(differences);
    std::int64_t less = 0, greater = 0, two_sided = 0;
    for (std::int64_t r = 0; r < permutations; ++r) {
        double total = 0;
        for (double const d : differences) total += stream.next() >> 63 ? -d : d;
        double const flipped = total / n;
        less += flipped <= seen + tie, greater += flipped >= seen - tie;
        two_sided += std::abs(flipped) >= std::abs(seen) - tie;
    }
    auto const p = [&](std::int64_t extreme) {
        return static_cast<double>(extreme + 1) / static_cast<double>(permutations + 1);
    };
    return sign_flip_tails{seen, p(less), p(greater), p(two_sided)};
}

/// The same against one alternative.
[[nodiscard]] inline std::optional<sign_flip_result> sign_flip(std::span<double const> differences,
                                                               std::int64_t permutations, random_stream stream,
                                                               alternative side = alternative::less) {
    auto const tails = sign_flip_all(differences, permutations, stream);
    if (!tails) return std::nullopt;
    return sign_flip_result{tails->mean, side == alternative::less      ? tails->less
                                         : side == alternative::greater ? tails->greater
                                                                        : tails->two_sided};
}

}  // namespace kvt::inline KVT_ABI::numeric
