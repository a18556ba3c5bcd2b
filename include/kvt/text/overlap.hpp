// Token overlap between a prediction and a gold answer, and the F1 made of it (spec J1).
#pragma once

#include <kvt/core/record.hpp>

#include <cstddef>
#include <string_view>

namespace kvt::inline KVT_ABI::text {

/// How shared tokens are counted. `multiset`: a token as often as both sides have it, so that equal answers score 1.
/// `set`: a token once, so that a right answer with a repeated word scores below 1.
enum class overlap : std::uint8_t { multiset, set };
KVT_CHOICE(overlap, "multiset", "set");

/// Shared tokens by both countings, and the number of tokens on each side (with repetitions).
struct overlap_counts {
    std::size_t multiset = 0, set = 0, pred_tokens = 0, gold_tokens = 0;

    friend bool operator==(overlap_counts const&, overlap_counts const&) = default;
};

/// Counts both ways at once; tokens are the words of texts already normalised.
[[nodiscard]] overlap_counts count_overlap(std::string_view pred_normalised, std::string_view gold_normalised);

/// F1 = 2PR/(P+R) of precision and recall over tokens, in [0, 1]: 1 when both texts are empty, 0 when one is.
[[nodiscard]] double overlap_f1(std::string_view pred_normalised, std::string_view gold_normalised, overlap kind);

/// The F1 of counts; a side without tokens scores 0.
[[nodiscard]] inline double overlap_f1(overlap_counts const& counts, overlap kind) {
    auto const shared = static_cast<double>(kind == overlap::set ? counts.set : counts.multiset);
    if (shared == 0) return 0;
    double const precision = shared / static_cast<double>(counts.pred_tokens);
    double const recall = shared / static_cast<double>(counts.gold_tokens);
    return 2 * (precision * recall) / (precision + recall);
}

}  // namespace kvt::inline KVT_ABI::text

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/text/detail/overlap.ipp>
#endif
