// Definitions of quant/loss.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/loss.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

inline void check_pairs(std::string_view what, std::size_t a, std::size_t b) {
    if (a != b)
        throw quant_error{fault::length_mismatch, std::string{what}, std::to_string(a) + " and " + std::to_string(b),
                          "as many of each"};
}

}  // namespace detail

KVT_DECL double mse_loss(std::span<double const> original, std::span<double const> reconstructed) {
    detail::check_pairs("original and reconstructed values", original.size(), reconstructed.size());
    double squares = 0;
    for (std::size_t i = 0; i < original.size(); ++i)
        squares += (original[i] - reconstructed[i]) * (original[i] - reconstructed[i]);
    return original.empty() ? 0 : squares / static_cast<double>(original.size());
}

KVT_DECL std::vector<double> mse_gradient(std::span<double const> original, std::span<double const> reconstructed) {
    detail::check_pairs("original and reconstructed values", original.size(), reconstructed.size());
    std::vector<double> out;
    for (std::size_t i = 0; i < original.size(); ++i)
        out.push_back(2 * (reconstructed[i] - original[i]) / static_cast<double>(original.size()));
    return out;
}

KVT_DECL double divergence(gaussian p, gaussian q) {
    double const a = std::max(p.deviation, 1e-8), b = std::max(q.deviation, 1e-8);
    double const apart = p.mean - q.mean;
    return std::max(0.0, std::log(b / a) + (a * a + apart * apart) / (2 * b * b) - 0.5);
}

KVT_DECL double markov_loss(std::span<gaussian const> original, std::span<gaussian const> reconstructed) {
    detail::check_pairs("original and reconstructed transitions", original.size(), reconstructed.size());
    double sum = 0;
    for (std::size_t t = 0; t < original.size(); ++t) sum += divergence(original[t], reconstructed[t]);
    return original.empty() ? 0 : sum / static_cast<double>(original.size());
}

KVT_DECL double negative_entropy(std::span<double const> reconstructed) {
    return negative_entropy(reconstructed, std::vector<double>(reconstructed.size(), 1.0));
}

KVT_DECL double negative_entropy(std::span<double const> reconstructed, std::span<double const> counts) {
    detail::check_pairs("reconstructed values and counts", reconstructed.size(), counts.size());
    std::vector<std::pair<float, double>> bins;
    double all = 0, sum = 0;
    for (std::size_t i = 0; i < reconstructed.size(); ++i) {
        bins.emplace_back(std::round(100.0F * static_cast<float>(reconstructed[i])), counts[i]);
        if (!std::isfinite(bins.back().first))
            throw quant_error{fault::non_finite_input, "reconstructed value", shortest(reconstructed[i]),
                              "finite values"};
        all += counts[i];
    }
    std::ranges::sort(bins);
    for (std::size_t begin = 0; begin < bins.size();) {
        auto end = begin;
        double held = 0;
        while (end < bins.size() && bins[end].first == bins[begin].first) held += bins[end++].second;
        if (held > 0) sum += held / all * std::log(held / all);
        begin = end;
    }
    return sum;
}

KVT_DECL void loss_weights::check() const {
    for (double const w : {markov, entropy})
        if (!(w >= 0) || !std::isfinite(w))
            throw quant_error{fault::invalid_weight, "loss weight", shortest(w), "a finite number, 0 or more"};
}

KVT_DECL loss_terms total_loss(std::span<double const> original, std::span<double const> reconstructed,
                               std::span<gaussian const> original_transitions,
                               std::span<gaussian const> reconstructed_transitions, loss_weights const& weights) {
    weights.check();
    loss_terms out{.mse = mse_loss(original, reconstructed),
                   .kl = markov_loss(original_transitions, reconstructed_transitions),
                   .negative_entropy = negative_entropy(reconstructed)};
    out.total = out.mse + weights.markov * out.kl;
    if (weights.entropy != 0) out.total += weights.entropy * out.negative_entropy;
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
