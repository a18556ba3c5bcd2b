// cross_entropy: how surprising the targets are, weighted, with gradients.
#pragma once

#include <kvt/scaling/layer_kernels.hpp>

#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// Sum over rows of weight * -log softmax(logits)[target]; logits [rows x classes], rows of weight 0 are not asked.
/// `losses` and `hits` (both [rows]) receive each row's -log p and whether the target was the highest logit (the first of
/// equals); 0 where not asked.
template <class Real> struct cross_entropy {
    std::size_t classes;

    [[nodiscard]] double forward(std::span<Real> logits, std::span<std::int32_t const> targets,
                                 std::span<double const> weights, std::span<float> losses,
                                 std::span<std::uint8_t> hits) const {
        auto const& kernels = layer_kernels_of<Real>();
        return each(logits, targets, weights, losses, hits,
                    [&](logit_row<Real> const& row, double) { return kernels.cross_entropy(row); });
    }
    /// The same, and logits are replaced by their gradients.
    double backward(std::span<Real> logits, std::span<std::int32_t const> targets, std::span<double const> weights,
                    std::span<float> losses, std::span<std::uint8_t> hits) const {
        auto const& kernels = layer_kernels_of<Real>();
        for (std::size_t r = 0; r < targets.size(); ++r)
            if (weights[r] == 0)
                for (Real& v : logits.subspan(r * classes, classes)) v = 0;
        return each(logits, targets, weights, losses, hits, [&](logit_row<Real> const& row, double weight) {
            return kernels.cross_entropy_backward(row, static_cast<Real>(weight));
        });
    }

  private:
    template <class Row>
    double each(std::span<Real> logits, std::span<std::int32_t const> targets, std::span<double const> weights,
                std::span<float> losses, std::span<std::uint8_t> hits, Row&& of) const {
        double sum = 0;
        for (std::size_t r = 0; r < targets.size(); ++r) {
            losses[r] = 0, hits[r] = 0;
            if (weights[r] == 0) continue;
            auto const row =
                of(logit_row<Real>{logits.data() + r * classes, classes, static_cast<std::size_t>(targets[r])},
                   weights[r]);
            losses[r] = static_cast<float>(row.loss), hits[r] = row.hit ? 1 : 0;
            sum += weights[r] * static_cast<double>(row.loss);
        }
        return sum;
    }
};

}  // namespace kvt::inline KVT_ABI::scaling
