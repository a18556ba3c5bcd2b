// unit_scaling: the factors of the published unit-scaled recipe (arXiv:2407.17465), as functions of sizes.
#pragma once

#include <kvt/version.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// Weights of the 2 * layers residual branches, attention (even) and feed-forward (odd) in turn: branch i computes
/// (x + tau f(x)) / sqrt(1 + tau^2). `mult` is rho, `attention_ratio` kappa of the paper.
[[nodiscard]] inline std::vector<double> residual_weights(std::int64_t layers, double mult = 1,
                                                          double attention_ratio = 1) {
    double const hidden = mult * std::sqrt(2 / (1 + attention_ratio * attention_ratio));
    double const attention = attention_ratio * hidden;
    std::vector<double> out;
    for (std::int64_t i = 0; i < 2 * layers; ++i) {
        auto const attentions = static_cast<double>((i + 1) / 2), hiddens = static_cast<double>(i / 2);
        double const so_far =
            static_cast<double>(layers) + attentions * attention * attention + hiddens * hidden * hidden;
        out.push_back((i % 2 == 0 ? attention : hidden) / std::sqrt(so_far));
    }
    return out;
}

/// What a gated silu is multiplied by, for a multiplier inside the silu.
[[nodiscard]] inline double gated_silu_scale(double mult) {
    double const w = 1 / (1 + 1 / (mult * mult));
    return std::exp(w * std::log(std::sqrt(2.0)) + (1 - w) * std::log(2.0));
}

/// What causal attention's output is multiplied by, where the logits are scaled by mult / head_dim. One token alone: 1.
[[nodiscard]] inline double causal_attention_scale(std::int64_t length, std::int64_t head_dim, double mult) {
    if (length < 2) return 1;
    auto const t = static_cast<double>(length);
    double const w = 1 / (1 + 4 * static_cast<double>(head_dim) / (mult * mult));
    return 1 / std::exp((1 - w) * std::log(std::sqrt(std::log(t) / t)));
}

/// What a tensor's learning rate is multiplied by. Those inside blocks learn slower the more layers there are.
enum class unit_role : std::uint8_t { embedding, hidden, norm, final_norm, output };
[[nodiscard]] inline double learning_rate_factor(unit_role role, std::int64_t fan_in, std::int64_t layers) {
    auto const wide = static_cast<double>(fan_in), deep = static_cast<double>(layers);
    if (role == unit_role::embedding) return 1 / std::sqrt(wide);
    if (role == unit_role::hidden) return 1 / std::sqrt(wide * deep);
    return role == unit_role::norm ? 1 / std::sqrt(deep) : 1;
}

}  // namespace kvt::inline KVT_ABI::scaling
