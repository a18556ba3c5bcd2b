// loss_surface: L(N, D) = E + A/N^alpha + B/D^beta, and where on it a budget is spent best.
#pragma once

#include <kvt/core/record.hpp>

#include <array>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

/// Where C = 6ND is spent best.
struct allocation {
    double compute_budget = 0, n_opt = 0, d_opt = 0, tokens_per_param = 0, loss = 0;
};
KVT_RECORD(allocation, compute_budget, n_opt, d_opt, tokens_per_param, loss);

/// The parametric law of Hoffmann et al. 2022 (arXiv:2203.15556, section 3.3). N parameters, D tokens, L nats a token.
struct loss_surface {
    double E = 0, A = 0, B = 0, alpha = 0, beta = 0;

    [[nodiscard]] double loss(double n, double d) const { return E + A / std::pow(n, alpha) + B / std::pow(d, beta); }
    /// Exponents of the best N and D in C, and their factor: N_opt = G (C/6)^a, D_opt = (C/6)^b / G (scaling-laws 7.2).
    [[nodiscard]] double a() const { return beta / (alpha + beta); }
    [[nodiscard]] double b() const { return alpha / (alpha + beta); }
    [[nodiscard]] double G() const { return std::pow(alpha * A / (beta * B), 1 / (alpha + beta)); }
    [[nodiscard]] allocation best(double compute_budget) const {
        double const pairs = compute_budget / 6, g = G();
        double const n = g * std::pow(pairs, a()), d = std::pow(pairs, b()) / g;
        return {compute_budget, n, d, d / n, loss(n, d)};
    }
};
KVT_RECORD(loss_surface, E, A, B, alpha, beta);

}  // namespace kvt::inline KVT_ABI::scaling
