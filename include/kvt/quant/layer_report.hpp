// layer_report: what a report says of one tensor.
#pragma once

#include <kvt/quant/layer.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// One tensor: its time groups' parameters and how well they serve it. Lists have one entry a time group
/// (`boundary_scores` one fewer), and are empty for tensors that pass through. Scores are null for tensors that do not
/// count towards the model's: those that pass through, and those with a group of one value alone.
struct layer_report {
    std::string name;
    std::int64_t elements = 0;
    layer_status status = layer_status::quantized;
    std::vector<double> scale{}, offset{}, zero_point{};
    std::optional<double> smoothness_score{}, smoothness_score_bounded{};
    std::vector<double> boundary_scores{};
    std::optional<double> cosine_similarity{};
    double mse = 0, max_abs_error = 0;
    std::optional<double> sqnr_db{};
    double clipped_fraction = 0;
    std::vector<double> group_mse{}, group_sqnr_db{},
        group_clipped{};                    ///< measured; SQNR infinite where there is no error
    std::vector<double> noise_log_ratio{};  ///< a boundary: ln of the noise power on the right over that on the left
    std::vector<layer_phase> phases{};
    std::optional<double> weight_entropy{};             ///< null where `suggest_widths` was not asked
    std::optional<std::int32_t> suggested_bit_width{};  ///< by that entropy
};
KVT_RECORD(layer_report, name, elements, status, scale, offset, zero_point, smoothness_score, smoothness_score_bounded,
           boundary_scores, cosine_similarity, mse, max_abs_error, sqnr_db, clipped_fraction, group_mse, group_sqnr_db,
           group_clipped, noise_log_ratio, phases, weight_entropy, suggested_bit_width);

[[nodiscard]] layer_report report_of(layer const& from, std::int32_t bits);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/layer_report.ipp>
#endif
