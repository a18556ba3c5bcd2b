#include "faults.hpp"
#include "models.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/model_metrics.hpp>
#include <kvt/quant/optimize.hpp>
#include <kvt/quant/quality.hpp>
#include <kvt/quant/range_search.hpp>
#include <kvt/quant/smooth.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

namespace {

validated_model<asymmetric> judged(std::string const& path, std::int32_t bits, double threshold = 0.3) {
    return kvt::pipeline{load_model{path}, quantize{asymmetric{bits}}, validate{threshold}}(silent());
}

}  // namespace

TEST_CASE("the model's score is of the layers that count, the same for every width") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const two = judged(path, 2), eight = judged(path, 8);
    CHECK(two.found.layers == 2);
    CHECK(two.found.elements == 496);
    CHECK(two.found.headline.score == doctest::Approx(eight.found.headline.score).epsilon(1e-12));
    CHECK(two.found.bounded.score == doctest::Approx(eight.found.bounded.score).epsilon(1e-12));
    REQUIRE(two.phases.size() == 1);
    CHECK(two.phases.front().phase == "baseline");
    CHECK(two.phases.front().cosine_similarity < eight.phases.front().cosine_similarity);
    CHECK(fault_of([&] { (void)judged(path, 2, 1.5); }) == "invalid_smoothness_threshold");
}

TEST_CASE("metrics say what the layers say") {
    scratch_folder folder;
    auto const model = judged(sample_model(folder), 4, 0);
    auto const m = metrics_of(model);
    CHECK(m.model_name == "model.safetensors");
    CHECK(m.bit_width == 4);
    REQUIRE(m.layers.size() == 4);
    CHECK_FALSE(m.layers[2].smoothness_score);   // a group of one value
    CHECK_FALSE(m.layers[3].cosine_similarity);  // passed through
    double const mean =
        (*m.layers[0].cosine_similarity + *m.layers[1].cosine_similarity + *m.layers[2].cosine_similarity) / 3;
    CHECK(m.cosine_similarity == doctest::Approx(mean));
    CHECK(m.original_bytes == 4 * 538);
    CHECK(m.payload_bytes == (96 + 400 + 40) / 2 + 3 * 4 * 8 + 8);
    CHECK(m.compression_ratio == doctest::Approx(4.0 * 538 / static_cast<double>(m.payload_bytes)));
    CHECK(m.violation_count == 3);
    CHECK(m.smoothness_score <= m.mean_boundary_score + 1e-12);
}

TEST_CASE("smoothing keeps its budget in what is stored, far from zero too") {
    kvt::random_stream draws{22, "far from zero"};
    kvt::tensor::dense_set far;
    for (int t = 0; t < 40; ++t) {
        std::vector<float> values;
        for (int g = 0; g < 8; ++g) {
            double const spread = 0.02 + 0.02 * draws.unit();
            for (int i = 0; i < 24; ++i) values.push_back(static_cast<float>(8249 + spread * (2 * draws.unit() - 1)));
        }
        far.put("t" + std::to_string(t), {192}, values);
    }
    scratch_folder folder;
    auto const path = folder.file("far.safetensors", kvt::tensor::safetensors_bytes(far));
    quantize const coded{asymmetric{4}, {.time_groups = 8}};
    auto const before = kvt::pipeline{load_model{path}, coded, validate{}}(silent());
    auto const after =
        kvt::pipeline{load_model{path}, coded, validate{}, smooth{kernel_smoothing{.window = 2}}}(silent());
    CHECK(after.phases.back().layers_changed > 0);
    for (std::size_t i = 0; i < 40; ++i)
        CHECK(after.model.layers[i].all_errors().noise <= 1.01 * before.model.layers[i].all_errors().noise * (1 + 1e-9));
}

TEST_CASE("phases are measured afterwards, and what was before stays") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const model = kvt::pipeline{load_model{path}, quantize{asymmetric{2}}, validate{},
                                     smooth{kernel_smoothing{.guard = smoothing_guard::none}},
                                     optimize{coordinate_descent{.evaluate = evaluation::exact}}}(silent());
    REQUIRE(model.phases.size() == 3);
    auto const before = judged(path, 2);
    CHECK(model.phases[0].smoothness_score == before.phases[0].smoothness_score);
    CHECK(model.phases[1].phase == "smooth (kernel_smoothing)");
    CHECK(model.phases[1].smoothness_score_bounded > model.phases[0].smoothness_score_bounded);
    CHECK(model.phases[1].layers_changed == 2);
    CHECK(model.phases[2].phase == "optimize (coordinate_descent)");
    CHECK(model.phases[2].smoothness_score == model.found.headline.score);
    CHECK(model.model.layers[2].ranges == before.model.layers[2].ranges);  // degenerate: left alone
    auto const m = metrics_of(model);
    CHECK(m.cosine_similarity == model.phases[2].cosine_similarity);
}

TEST_CASE("any range policy can be a phase; none of them reaches codes that have runs of their own") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const searched = kvt::pipeline{load_model{path}, quantize{asymmetric{2}}, validate{},
                                        optimize{range_search{.evaluate = evaluation::exact}}}(silent());
    CHECK(searched.phases[1].cosine_similarity > searched.phases[0].cosine_similarity);
    auto const e = error_of<kvt::error>([&] {
        (void)kvt::pipeline{load_model{path}, quantize{asymmetric{2}, {4, 8}}, validate{}, smooth{}}(silent());
    });
    REQUIRE(e);
    CHECK(e->exit_code() == 2);
    CHECK(fault_of([&] {
              (void)kvt::pipeline{load_model{path}, quantize{asymmetric{2}}, validate{},
                                  smooth{kernel_smoothing{.window = 21}}}(silent());
          }) == "invalid_window_size");
}
