#pragma once

#include <kvt/numeric/hypothesis.hpp>
#include <kvt/numeric/moments.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL std::optional<sign_flip_tails> sign_flip_all(std::span<double const> differences, std::int64_t permutations,
                                                      random_stream stream) {
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

KVT_DECL std::optional<sign_flip_result> sign_flip(std::span<double const> differences, std::int64_t permutations,
                                                   random_stream stream, alternative side) {
    auto const tails = sign_flip_all(differences, permutations, stream);
    if (!tails) return std::nullopt;
    return sign_flip_result{tails->mean, side == alternative::less      ? tails->less
                                         : side == alternative::greater ? tails->greater
                                                                        : tails->two_sided};
}

}  // namespace kvt::inline KVT_ABI::numeric
