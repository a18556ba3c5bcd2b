// token_smoothness: how little the parameters of token groups change from one group to the next.
#pragma once

#include <kvt/quant/token_groups.hpp>

#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The bounded metric (markov-smoothness 2.9) over tokens: each channel (or run of channels) is a sequence of its own.
struct token_smoothness {
    double score = 1;                  ///< mean over columns; 1 without boundaries
    double worst = 1;                  ///< of the columns
    std::int64_t worst_column = 0;     ///< the first of the worst; 0 where there are none
    std::vector<double> columns{};     ///< the score of each column
    std::vector<double> boundaries{};  ///< the score of each boundary between rows, averaged over columns
};
KVT_RECORD(token_smoothness, score, worst, worst_column, columns, boundaries);

/// One boundary's bounded score: 1 for equal parameters, 0 for the greatest possible jump of both; the same in both
/// directions, for every bit width and every unit of the data.
[[nodiscard]] double bounded_boundary(affine const& left, affine const& right, std::int32_t bits);

[[nodiscard]] token_smoothness smoothness_of(token_groups const& groups, std::int32_t bits);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/token_smoothness.ipp>
#endif
