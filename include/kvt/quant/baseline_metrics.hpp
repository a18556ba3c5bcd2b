// baseline_metrics: what a report on a quantized model says, in the order it says it.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/interpretation.hpp>
#include <kvt/quant/layer_report.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/quant/smoothness.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What one step of the pipeline left behind: both the figures before and after a phase are kept.
struct phase_result {
    std::string phase;  ///< "baseline", or the name of the policy that smoothed or optimized
    double smoothness_score = 1, smoothness_score_bounded = 1;
    std::int64_t violation_count = 0;
    double cosine_similarity = 0;
    std::optional<double> sqnr_db{};
    std::int64_t layers_changed = 0;  ///< tensors whose ranges the phase moved
};
KVT_RECORD(phase_result, phase, smoothness_score, smoothness_score_bounded, violation_count, cosine_similarity, sqnr_db,
           layers_changed);

/// `baseline_metrics.json` (markov-smoothness 4.1): the fields up to `common_violation_patterns` are the format, in its
/// order; those behind are extensions, which readers may ignore. Sizes in MB are 2^20 bytes.
struct baseline_metrics {
    std::string model_name;
    std::int64_t bit_width = 2, num_time_groups = 4;
    double smoothness_score = 1;
    std::int64_t violation_count = 0;
    std::vector<violation> violations{};
    std::vector<double> boundary_scores{};
    double cosine_similarity = 0, compression_ratio = 0, model_size_mb = 0, quantization_time_s = 0;
    double min_boundary_score = 0, max_boundary_score = 0, mean_boundary_score = 0, std_boundary_score = 0;
    std::vector<std::string> common_violation_patterns{};

    double smoothness_score_bounded = 1;
    double smoothness_threshold = 0.3;
    std::optional<std::int64_t> group_size{};
    std::string scheme = "asymmetric", statistics_source = "weights";
    quant::interpretation interpretation{};
    std::vector<phase_result> phases{};
    double ideal_ratio = 16, cosine_similarity_weighted = 0, cosine_threshold = 0;
    bool cosine_passed = false;
    std::optional<double> sqnr_db{};
    double mse = 0, max_abs_error = 0;
    std::optional<double>
        jump_noise_correlation{};  ///< of scale jumps with steps of the measured noise, ranks, all boundaries
    std::int64_t original_bytes = 0, payload_bytes = 0;
    std::vector<layer_report> layers{};
    std::vector<skipped_tensor> skipped_tensors{};
    std::vector<std::int64_t> imputed_timesteps{};
    std::vector<std::string> warnings{};
};
KVT_RECORD(baseline_metrics, model_name, bit_width, num_time_groups, smoothness_score, violation_count, violations,
           boundary_scores, cosine_similarity, compression_ratio, model_size_mb, quantization_time_s,
           min_boundary_score, max_boundary_score, mean_boundary_score, std_boundary_score, common_violation_patterns,
           smoothness_score_bounded, smoothness_threshold, group_size, scheme, statistics_source, interpretation,
           phases, ideal_ratio, cosine_similarity_weighted, cosine_threshold, cosine_passed, sqnr_db, mse,
           max_abs_error, jump_noise_correlation, original_bytes, payload_bytes, layers, skipped_tensors,
           imputed_timesteps, warnings);

/// Fills what follows from the model's smoothness, its cosine and the boundaries: score, violations, boundary statistics,
/// patterns, interpretation.
void describe_smoothness(baseline_metrics& m, smoothness const& found);

/// What to do next, in words: the action of the band, less what has been done already.
[[nodiscard]] std::string next_step(baseline_metrics const& m);

/// As JSON: valid whatever the numbers (an infinite jump is the text `"inf"`).
[[nodiscard]] json to_valid_json(baseline_metrics const& m);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/baseline_metrics.ipp>
#endif
