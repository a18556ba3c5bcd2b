#include <kvt/core/text_file.hpp>
#include <kvt/scaling/decoder_training.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <cmath>

using namespace kvt;

TEST_CASE("experiments become trained models, each with a folder of its own") {
    scratch_folder const folder;
    scaling::sweep_training how{
        .num_layers = 1, .vocab_size = 16, .seq_len = 16, .batch_size = 4, .learning_rate = 0.02};
    how.data = json::of({{"source", "generated"}, {"vocab_size", 16}, {"branches", 2}});
    scaling::decoder_training<> const trainer{how, {.checkpoints = folder / "runs"}};
    std::vector<scaling::experiment> sweep(2);
    for (std::size_t i = 0; i < 2; ++i)
        sweep[i].experiment_id = "e" + std::to_string(i), sweep[i].model_size = 50'000,
        sweep[i].num_tokens = 500 + 4000 * static_cast<std::int64_t>(i);
    run_context context;
    context.progress = progress_meter{progress_style::silent};
    auto run = trainer.start(context, sweep);
    auto const little = run(sweep[0], 0), more = run(sweep[1], 1);
    REQUIRE(little.has_value());
    REQUIRE(more.has_value());
    CHECK(more->final_loss < little->final_loss);
    CHECK(*more->tokens_trained == 4544);
    CHECK(more->actual_flops == doctest::Approx(6.0 * 4544 * static_cast<double>(*more->actual_params)));
    CHECK_FALSE(more->epochs.has_value());
    CHECK(run(sweep[1], 1)->final_loss == more->final_loss);  // it is there already
    CHECK(file_exists(folder / "runs/e1/training.json"));
    context.request_stop();
    sweep[0].experiment_id = "stopped";
    CHECK_FALSE(run(sweep[0], 0).has_value());
}
