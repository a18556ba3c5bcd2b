// token_smoothness: how little the parameters of token groups change from one group to the next.
#pragma once

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/token_groups.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The bounded metric over tokens, each channel (or run of channels) a sequence of its own; the headline score beside it,
/// which judges channels far from 0 by their distance from 0.
struct token_smoothness {
    double score = 1;               ///< (weighted) mean over columns; 1 without boundaries
    double worst = 1;               ///< of the columns
    std::int64_t worst_column = 0;  ///< the first of the worst; 0 where there are none
    double headline = 1;            ///< mean over columns
    std::vector<double> columns{};  ///< the score of each column
    std::vector<double>
        boundaries{};  ///< the score of each boundary between rows, averaged over columns in the same way
};
KVT_RECORD(token_smoothness, score, worst, worst_column, headline, columns, boundaries);

/// `weights`: how much each column counts, 0 or more; none, or all 0: all the same. Throws `length_mismatch` where there is
/// not one for each column, `invalid_weight` where one is negative or not finite.
[[nodiscard]] token_smoothness smoothness_of(token_groups const& groups, std::int32_t bits,
                                             std::span<double const> weights = {});

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/token_smoothness.ipp>
#endif
