// settings: how a model is quantized, checked and refined, with presets for where it will run.
#pragma once

#include <kvt/quant/beta_schedule.hpp>
#include <kvt/quant/interpolation.hpp>

#include <cstdint>
#include <optional>

namespace kvt::inline KVT_ABI::quant {

/// Where the model will run.
enum class deployment : std::uint8_t { edge, local, cloud };
KVT_CHOICE(deployment, "edge", "local", "cloud");

/// The configuration of a run with its defaults (markov-smoothness 4.6). The smoothness is always measured; what is
/// optional is to change it.
struct settings {
    std::int64_t bit_width = 2;                ///< 2, 4 or 8
    std::int64_t num_time_groups = 4;          ///< 1 to 100
    std::optional<std::int64_t> group_size{};  ///< 32, 64, 128 or 256; null: a time group is one quantization group
    double min_accuracy = 0.7;                 ///< of the cosine similarity, 0 to 1
    double smoothness_threshold = 0.3;         ///< 0 to 1
    bool log_validation = true;
    bool smoothing = false;
    std::int64_t window_size = 1;  ///< in groups, 1 to 20
    quant::interpolation interpolation = quant::interpolation::linear;
    bool optimization = false;
    double markov_weight = 0.1, entropy_weight = 0.05;  ///< 0 or more
    double learning_rate = 0.01;                        ///< above 0, at most 1
    std::int64_t max_iterations = 50;                   ///< 1 or more
    double convergence_threshold = 1e-4;                ///< above 0
    schedule_kind beta_schedule = schedule_kind::linear;

    /// Throws the fault of the first field that is out of its range, naming it.
    void check() const;
    /// Width, groups, group size and accuracy for a place to run; everything else as by default.
    [[nodiscard]] static settings preset(deployment where);
};
KVT_RECORD(settings, bit_width, num_time_groups, group_size, min_accuracy, smoothness_threshold, log_validation,
           smoothing, window_size, interpolation, optimization, markov_weight, entropy_weight, learning_rate,
           max_iterations, convergence_threshold, beta_schedule);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/settings.ipp>
#endif
