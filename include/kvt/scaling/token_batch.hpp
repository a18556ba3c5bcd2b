// token_batch: sequences of tokens, what each position should predict, and how much it counts.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// A label nobody is asked for.
inline constexpr std::int32_t ignored_label = -100;

/// Sequences of one length, one after another. The loss is the sum over positions of weight times cross-entropy of the
/// target; without weights, the mean over the targets that are not ignored.
struct token_batch {
    std::size_t length = 0;               ///< of each sequence
    std::vector<std::int32_t> ids{};      ///< [sequences x length]
    std::vector<std::int32_t> targets{};  ///< [sequences x length], what follows each position; -100: ignored
    std::vector<float> weights{};         ///< [sequences x length], or none

    [[nodiscard]] std::size_t sequences() const { return length == 0 ? 0 : ids.size() / length; }
};

/// Position t predicts label t + 1 of its sequence; the last predicts nothing.
[[nodiscard]] token_batch next_token_batch(std::span<std::int32_t const> ids, std::span<std::int32_t const> labels,
                                           std::size_t length);

/// The weight of each position, 0 where its target is ignored. Throws `error{usage}` for sizes that do not fit, ids or
/// targets outside the vocabulary, and a batch that asks for nothing: no target left, or no weight above 0.
[[nodiscard]] std::vector<double> checked_weights(token_batch const& batch, std::int64_t vocab_size);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/token_batch.ipp>
#endif
