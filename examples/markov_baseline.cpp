// How smoothly a model's quantization parameters follow each other, before and after the two phases that smooth them.
// Includes kvt/quant.hpp and links neither a network nor a SQL library.
//
//   markov_baseline [FOLDER [MODEL [BITS]]]     metrics go to FOLDER; MODEL is a .safetensors file, an index of shards,
//                                               or a folder holding one of them (default: the shipped recall model)
#include <kvt/quant.hpp>

#include <cstdio>
#include <cstdlib>

using namespace kvt;

int main(int argc, char** argv) try {
    std::string const folder = argc > 1 ? argv[1] : "runs/markov_baseline";
    std::string const model = argc > 2 ? argv[2] : "config/models/recall";
    quant::asymmetric const codes{argc > 3 ? std::atoi(argv[3]) : 2};

    auto const lab = pipeline{
        quant::load_model{model},
        quant::quantize{codes, {.time_groups = 4}},
        quant::validate{.threshold = 0.3},
        quant::smooth{quant::kernel_smoothing{.window = 1}},
        quant::optimize{quant::coordinate_descent{.lambda = 1}},
        quant::report{.json_path = folder + "/baseline_metrics.json"},
    };
    run_context context{exec::thread_executor{}};
    context.progress = progress_meter{progress_style::silent};
    auto const done = lab(context);

    std::printf("%s, INT%lld\n", done.metrics.model_name.c_str(), static_cast<long long>(done.metrics.bit_width));
    for (auto const& phase : done.metrics.phases)
        std::printf("  %-30s smoothness %.4f  bounded %.4f  violations %lld  cosine %.4f\n", phase.phase.c_str(),
                    phase.smoothness_score, phase.smoothness_score_bounded,
                    static_cast<long long>(phase.violation_count), phase.cosine_similarity);
    std::printf("%s: %s\n", std::string{name_of(done.metrics.interpretation.band)}.c_str(),
                std::string{quant::advice(done.metrics.interpretation.action)}.c_str());
    std::printf("wrote %s\n", done.json_path.c_str());
} catch (error const& e) {
    std::fprintf(stderr, "markov_baseline: %s\n", e.what());
    return e.exit_code();
}
