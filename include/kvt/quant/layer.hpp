// layer: what is known of one tensor of a quantized model.
#pragma once

#include <kvt/quant/affine.hpp>
#include <kvt/quant/model_smoothness.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// One tensor: its time groups' parameters and how well they serve it. All lists have one entry a time group
/// (`boundary_scores` one fewer), and are empty for tensors passed through.
struct layer_report {
    std::string name;
    std::int64_t elements = 0;
    layer_status status = layer_status::quantized;
    std::vector<double> scale{}, offset{}, zero_point{};
    double smoothness_score = 1, smoothness_score_bounded = 1;
    std::vector<double> boundary_scores{};
    double cosine_similarity = 1, mse = 0, max_abs_error = 0;
    std::optional<double> sqnr_db{};
};
KVT_RECORD(layer_report, name, elements, status, scale, offset, zero_point, smoothness_score, smoothness_score_bounded,
           boundary_scores, cosine_similarity, mse, max_abs_error, sqnr_db);

}  // namespace kvt::inline KVT_ABI::quant
