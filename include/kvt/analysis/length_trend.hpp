// Where accuracy falls with prompt length, at one budget: a changepoint and a hinge (spec O3.2, O3.3).
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>

#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::analysis {

/// One scored request: its prompt's length in tokens, and its score.
struct item {
    std::int64_t entry_idx = 0, token_len = 0;
    double score = 0;
};
KVT_RECORD(item, entry_idx, token_len, score);

/// Accuracy falls between two neighbouring lengths.
struct length_changepoint {
    std::int64_t k = 0;  ///< items before the change
    double statistic = 0, p_value = 1;
    std::int64_t length_before = 0, length_after = 0;  ///< tokens of items k and k+1, counted from 1
};
KVT_RECORD(length_changepoint, k, statistic, p_value, length_before, length_after);

/// Accuracy is level up to `tau_tokens`, then loses `slope_per_doubling` with every doubling of length.
struct length_hinge {
    std::optional<std::int64_t> tau_tokens{};  ///< null where nothing falls
    double level = 0, slope_per_doubling = 0;
    std::optional<double> delta_bic{};
    bool detected = false;  ///< ΔBIC above 6
};
KVT_RECORD(length_hinge, tau_tokens, level, slope_per_doubling, delta_bic, detected);

/// Items by length, then by entry.
[[nodiscard]] std::vector<item> by_length(std::span<item const> items);

/// The length from which on scores are lower; null for too few items or equal scores. `margin` is the smallest group.
[[nodiscard]] std::optional<length_changepoint> find_length_changepoint(std::span<item const> items,
                                                                        std::int64_t margin, std::int64_t permutations,
                                                                        random_stream stream);

/// The hinge over log2 of the length; null for no items. Lengths must be positive.
[[nodiscard]] std::optional<length_hinge> find_length_hinge(std::span<item const> items);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/length_trend.ipp>
#endif
