// mock_training: losses from a known surface with seeded noise, so that a pipeline can be tried in a moment.
#pragma once

#include <kvt/scaling/loss_surface.hpp>
#include <kvt/scaling/trainer.hpp>

#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One experiment's noise: added to its loss, and what its FLOPs are multiplied by.
struct mock_noise {
    double loss = 0, flops = 1;
};

/// L = (4e8/N)^0.34 + (2e10/D)^0.28 + 1.69 + noise (scaling-laws 2.2). The noise of an experiment depends on the seed and
/// on its place in the sweep alone.
struct mock_training {
    static constexpr std::string_view name = "mock";
    std::int64_t seed = 42;  ///< 0 to 2^32 - 1

    /// The surface's loss without noise.
    [[nodiscard]] static double loss(double parameters, double tokens);
    /// The same surface by its constants.
    [[nodiscard]] static loss_surface surface();
    /// For so many experiments. Throws `scaling_error{invalid_option}` for a seed out of range.
    [[nodiscard]] std::vector<mock_noise> noise(std::size_t experiments) const;

    [[nodiscard]] auto start(run_context&, std::span<experiment const> sweep) const {
        return [drawn = noise(sweep.size())](experiment const& e, std::size_t place) { return train(e, drawn[place]); };
    }

  private:
    [[nodiscard]] static outcome train(experiment const& e, mock_noise drawn);
};
KVT_RECORD(mock_training, seed);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/mock_training.ipp>
#endif
