// Small models in files, for tests of the pipeline.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/random.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <support/scratch_folder.hpp>

/// A context that says nothing.
inline kvt::run_context& silent() {
    static kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    return context;
}

/// Tensors `a`, `b` (96 and 400 values whose spread grows along them), `flat` (with a constant stretch) and `tiny` (2
/// values).
inline kvt::tensor::dense_set sample_tensors(std::int64_t seed = 1) {
    kvt::random_stream draws{seed, "quant.models"};
    auto const values = [&](std::size_t n) {
        std::vector<float> out(n);
        for (std::size_t i = 0; i < n; ++i)
            out[i] =
                static_cast<float>((draws.unit() - 0.4) * (1 + 2 * static_cast<double>(i) / static_cast<double>(n)));
        return out;
    };
    kvt::tensor::dense_set out;
    out.put("a", {96}, values(96));
    out.put("b", {20, 20}, values(400));
    auto flat = values(40);
    std::fill(flat.begin(), flat.begin() + 10, 0.5F);
    out.put("flat", {40}, flat);
    out.put("tiny", {2}, {0.25F, -1.0F});
    return out;
}

/// The same as a file.
inline std::string sample_model(scratch_folder const& folder, kvt::tensor::element type = kvt::tensor::element::f32) {
    return folder.file("model.safetensors", kvt::tensor::safetensors_bytes(sample_tensors(), type));
}
