#include "faults.hpp"
#include "models.hpp"

#include <kvt/core/pipeline.hpp>
#include <kvt/quant/judge_activations.hpp>
#include <kvt/quant/model_metrics.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("the score is of the timesteps, the codes are of the weights, and what was imputed is named") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const samples = folder.file("activations.jsonl", "{\"data\": [-1, 1], \"timestep\": 0}\n"
                                                          "{\"data\": [-1.5, 1.5], \"timestep\": 1}\n"
                                                          "{\"data\": [0.5]}\n"
                                                          "{\"data\": [-3, 3], \"timestep\": 3}\n");
    auto const before = kvt::pipeline{load_model{path}, quantize{asymmetric{2}}, validate{}}(silent());
    auto const m = metrics_of(
        kvt::pipeline{load_model{path}, quantize{asymmetric{2}}, validate{}, judge_activations{samples}}(silent()));
    CHECK(m.statistics_source == "activations");
    CHECK(m.imputed_timesteps == std::vector<std::int64_t>{2});
    REQUIRE(m.boundary_scores.size() == 3);
    CHECK(m.boundary_scores[0] == doctest::Approx(0.75));  // 2 -> 3: a jump of a half
    CHECK(m.violation_count == 3);
    CHECK(m.cosine_similarity == metrics_of(before).cosine_similarity);
    CHECK(m.warnings.size() == 2);
    CHECK(fault_of([&] { (void)judge_activations{folder.file("bad.jsonl", "{\"data\": 3}\n")}(silent(), before); }) ==
          "bad_calibration");
}
