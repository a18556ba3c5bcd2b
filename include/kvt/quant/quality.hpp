// quality: how close the reconstruction is to what was quantized, and when that is close enough.
#pragma once

#include <kvt/quant/error_sums.hpp>

#include <optional>
#include <span>

namespace kvt::inline KVT_ABI::quant {

/// Figures of a reconstruction (markov-smoothness 1.6).
struct quality {
    double cosine = 0;         ///< in [-1, 1]; 1 where both are zero vectors, 0 where one is or there are no values
    double mse = 0;            ///< mean squared error
    double max_abs_error = 0;  ///< largest absolute error
    std::optional<double> sqnr_db;  ///< `10 log10(mean(x^2) / mse)`; none where either is 0
    double clipped_fraction = 0;    ///< values outside what the codes can hold

    [[nodiscard]] static quality of(error_sums const& sums);
};
KVT_RECORD(quality, cosine, mse, max_abs_error, sqnr_db, clipped_fraction);

/// `dot / (|a| |b|)` limited to [-1, 1] from `|a|^2`, `dot` and `|b|^2`.
[[nodiscard]] double cosine_of(double square_a, double dot, double square_b);
/// Of two vectors; 0 where they are empty or of different lengths.
[[nodiscard]] double cosine_similarity(std::span<double const> a, std::span<double const> b);

/// The mean cosine that a width must reach: 0.70, 0.90, 0.95 for 2, 4, 8 bits.
[[nodiscard]] constexpr double acceptance_threshold(std::int32_t bits) {
    return bits == 2 ? 0.70 : bits == 4 ? 0.90 : bits == 8 ? 0.95 : 0.85;
}

/// Where a width is not good enough: the next one, and what it must reach there (looser than `acceptance_threshold`).
struct fallback {
    std::int32_t bits = 8;
    double threshold = 0;
};
KVT_RECORD(fallback, bits, threshold);
/// 2 -> 4 (0.85) -> 8 (0.90) -> none.
[[nodiscard]] constexpr std::optional<fallback> next_fallback(std::int32_t bits) {
    if (bits < 4) return fallback{4, 0.85};
    if (bits < 8) return fallback{8, 0.90};
    return std::nullopt;
}

/// The cosine of a model: means over its quantized tensors.
struct model_cosine {
    double mean = 0;  ///< every tensor counts the same
    double element_weighted = 0;
    [[nodiscard]] static model_cosine of(std::span<double const> cosines, std::span<std::int64_t const> elements);
};
KVT_RECORD(model_cosine, mean, element_weighted);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/quality.ipp>
#endif
