// The paired sign-flip test: is a mean difference more than chance?
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>

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
[[nodiscard]] std::optional<sign_flip_tails> sign_flip_all(std::span<double const> differences,
                                                           std::int64_t permutations, random_stream stream);

/// The same against one alternative.
[[nodiscard]] std::optional<sign_flip_result> sign_flip(std::span<double const> differences, std::int64_t permutations,
                                                        random_stream stream, alternative side = alternative::less);

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/hypothesis.ipp>
#endif
