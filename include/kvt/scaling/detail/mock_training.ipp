#pragma once

#include <kvt/numeric/mt19937_stream.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/mock_training.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL double mock_training::loss(double parameters, double tokens) {
    return std::pow(4e8 / parameters, 0.34) + std::pow(2e10 / tokens, 0.28) + 1.69;
}
KVT_DECL loss_surface mock_training::surface() {
    return {.E = 1.69, .A = std::pow(4e8, 0.34), .B = std::pow(2e10, 0.28), .alpha = 0.34, .beta = 0.28};
}

KVT_DECL std::vector<mock_noise> mock_training::noise(std::size_t experiments) const {
    if (seed < 0 || seed > 4'294'967'295)
        throw scaling_error{fault::invalid_option, "trainer.seed", "is " + std::to_string(seed), "0 to 2^32 - 1"};
    auto draws = numeric::mt19937_stream::seeded(static_cast<std::uint32_t>(seed));
    std::vector<mock_noise> out(experiments);
    for (auto& one : out) {
        one.loss = 0.02 * draws.normal();
        one.flops = draws.uniform(0.98, 1.02);
    }
    return out;
}

KVT_DECL outcome mock_training::train(experiment const& e, mock_noise drawn) {
    auto const n = static_cast<double>(e.model_size), d = static_cast<double>(e.num_tokens);
    return {.final_loss = loss(n, d) + drawn.loss,
            .actual_flops = e.compute_budget * drawn.flops,
            .wall_time_seconds = 0.1 * std::log10(e.compute_budget)};
}

}  // namespace kvt::inline KVT_ABI::scaling
