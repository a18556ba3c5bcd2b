// loss: what reconstruction costs: squared error, the distance of transitions, and the entropy of what comes out.
#pragma once

#include <kvt/quant/fault.hpp>
#include <kvt/quant/transition.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// The mean squared difference; 0 for no values. Throws `length_mismatch`.
[[nodiscard]] double mse_loss(std::span<double const> original, std::span<double const> reconstructed);
/// Its derivative by every reconstructed value. Throws `length_mismatch`.
[[nodiscard]] std::vector<double> mse_gradient(std::span<double const> original, std::span<double const> reconstructed);

/// Kullback-Leibler divergence of `q` from `p`: deviations are at least 1e-8, the result at least 0.
[[nodiscard]] double divergence(gaussian p, gaussian q);
/// The mean divergence over timesteps, 0 for none. Throws `length_mismatch`.
[[nodiscard]] double markov_loss(std::span<gaussian const> original, std::span<gaussian const> reconstructed);

/// Minus the entropy (natural logarithm) over bins of width 0.01; 0 for no values. The bins are the same whatever the
/// data's magnitude, so it means something only near 1. Bins are taken in binary32, as the published program does.
/// Throws `non_finite_input`.
[[nodiscard]] double negative_entropy(std::span<double const> reconstructed);
/// The same of values each of which occurs `counts` times. Throws also `length_mismatch`.
[[nodiscard]] double negative_entropy(std::span<double const> reconstructed, std::span<double const> counts);

/// The weights of the published total; throws `invalid_weight` for one that is negative or not finite.
struct loss_weights {
    double markov = 0.1, entropy = 0.05;
    void check() const;
};
KVT_RECORD(loss_weights, markov, entropy);

/// The terms and their sum; the entropy term counts only where its weight is not 0. The sum can be negative.
struct loss_terms {
    double total = 0, mse = 0, kl = 0, negative_entropy = 0;
};
KVT_RECORD(loss_terms, total, mse, kl, negative_entropy);
[[nodiscard]] loss_terms total_loss(std::span<double const> original, std::span<double const> reconstructed,
                                    std::span<gaussian const> original_transitions,
                                    std::span<gaussian const> reconstructed_transitions, loss_weights const& weights);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/loss.ipp>
#endif
