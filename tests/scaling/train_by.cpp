#include <kvt/core/text_file.hpp>
#include <kvt/scaling/train_by.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::scaling;

namespace {

trainer_settings tiny(std::string const& folder) {
    trainer_settings s{.mode = "local"};
    s.paths = {.output = folder, .checkpoints = folder + "/checkpoints", .logs = folder + "/logs"};
    s.dataset = {.name = "generated",
                 .seq_len = 16,
                 .parameters = json::of({{"vocab_size", 16}, {"branches", 2}}),
                 .validation_sequences = 4};
    s.trainer.batch_size = 4, s.trainer.learning_rate = 0.02, s.trainer.eval_every = 5, s.trainer.log_every = 3;
    s.model = {.vocab_size = 16, .num_layers = 1, .width_multiple = 16};
    return s;
}

planned sweep_of(std::vector<std::pair<std::int64_t, std::int64_t>> const& sizes) {
    planned out;
    for (auto const& [n, d] : sizes)
        out.sweep.push_back({.experiment_id = experiment_id(out.sweep.size()),
                             .compute_budget = 6.0 * static_cast<double>(n) * static_cast<double>(d),
                             .model_size = n,
                             .num_tokens = d});
    return out;
}

trained run(trainer_settings const& s, planned const& sweep) {
    run_context context;
    context.progress = progress_meter{progress_style::silent};
    return train_by(s, context, sweep);
}

std::size_t lines(std::string const& path) {
    std::size_t n = 0;
    for (char c : read_file(path)) n += c == '\n';
    return n;
}

}  // namespace

TEST_CASE("a sweep is trained for real, with its logs and looks at held-out data") {
    scratch_folder const folder;
    auto const s = tiny(folder / "lab");
    auto const done = run(s, sweep_of({{5000, 1300}, {20'000, 1300}}));
    REQUIRE(done.completed == 2);
    CHECK(*done.runs[0].actual_params == 1 * (16 * 16 * 16 + 2 * 16) + 16);
    CHECK(*done.runs[1].actual_params == 1 * (16 * 32 * 32 + 2 * 32) + 32);
    CHECK(*done.runs[0].tokens_trained == 1344);  // 21 steps of 64
    CHECK(*done.runs[0].final_loss < 2.75);
    CHECK(lines(folder / "lab/logs/exp_0000.csv") == 1 + 7);
    CHECK(lines(folder / "lab/checkpoints/exp_0000/validation_log.csv") == 1 + 4);
    auto const again = run(s, sweep_of({{5000, 1300}, {20'000, 1300}}));
    CHECK(again.kept == 2);
}

TEST_CASE("every key of local training makes a difference or is refused") {
    scratch_folder const folder;
    auto const sweep = sweep_of({{5000, 640}});
    int runs = 0;
    auto const loss = [&](auto&& change) {
        auto s = tiny(folder / std::to_string(runs++));
        change(s);
        auto const done = run(s, sweep);
        REQUIRE_MESSAGE(done.completed == 1, done.runs[0].error_message.value_or(""));
        return *done.runs[0].final_loss;
    };
    double const plain = loss([](auto&) {});
    CHECK(loss([](auto&) {}) == plain);
    CHECK(loss([](auto& s) { s.trainer.eval_every = 1, s.trainer.log_every = 1, s.trainer.checkpoint_every = 1; }) ==
          plain);
    CHECK(loss([](auto& s) { s.trainer.batch_size = 8; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.batch_size = 2, s.trainer.accumulation_steps = 2; }) ==
          doctest::Approx(plain).epsilon(1e-4));
    CHECK(loss([](auto& s) { s.trainer.learning_rate = 0.01; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.scheduler = "constant"; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.warmup_ratio = 0.5; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.min_lr_ratio = 0.5; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.weight_decay = 5; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.max_grad_norm = 1e-3; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.adam_beta1 = 0.5; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.adam_beta2 = 0.5; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.adam_eps = 1e-3; }) != plain);
    CHECK(loss([](auto& s) { s.trainer.seed = 43; }) != plain);
    CHECK(loss([](auto& s) { s.dataset.seq_len = 8; }) != plain);
    CHECK(loss([](auto& s) { s.dataset.parameters["branches"] = 3; }) != plain);
    CHECK(loss([](auto& s) { s.dataset.validation_sequences = 0; }) != plain);
    CHECK(loss([](auto& s) { s.model.vocab_size = 20; }) != plain);
    CHECK(loss([](auto& s) { s.model.num_layers = 2; }) != plain);
    CHECK(loss([](auto& s) { s.model.ffn_ratio = 2; }) != plain);
    CHECK(loss([](auto& s) { s.model.width_multiple = 64; }) != plain);
    CHECK(loss([](auto& s) { s.model.dropout = 0.2; }) != plain);
    CHECK(loss([](auto& s) { s.umup.enabled = false; }) != plain);
    CHECK(loss([](auto& s) { s.umup.full = true; }) != plain);
    CHECK(loss([](auto& s) { s.umup.base_std = 0.1; }) != plain);
    CHECK(loss([](auto& s) { s.umup.base_width = 64; }) != plain);
    CHECK(loss([](auto& s) { s.umup.base_width_wd = 1; }) != plain);
    CHECK(loss([](auto& s) { s.umup.no_decay_lr_mult = 1; }) != plain);
    auto const refused = [&](auto&& change, char const* key) {
        auto s = tiny(folder / "refused");
        change(s);
        auto const said = refusal([&] { (void)run(s, sweep); });
        CAPTURE(said);
        CHECK(holds(said, key));
    };
    refused([](auto& s) { s.mode = "api"; }, "mode");
    refused([](auto& s) { s.dataset.name = ""; }, "dataset.name");
    refused([](auto& s) { s.dataset.name = "stories"; }, "dataset");
    refused([](auto& s) { s.dataset.tokenizer = "gpt2"; }, "tokenizer");
    refused([](auto& s) { s.dataset.parameters["branch"] = 3; }, "branch");
    refused([](auto& s) { s.hardware.device = "cuda"; }, "hardware.device");
    refused([](auto& s) { s.hardware.dtype = "bfloat16"; }, "hardware.dtype");
    refused([](auto& s) { s.hardware.num_threads = -1; }, "hardware.num_threads");
    refused([](auto& s) { s.trainer.scheduler = "linear"; }, "trainer.scheduler");
    refused([](auto& s) { s.trainer.optimizer = "lion"; }, "trainer.optimizer");
    refused([](auto& s) { s.trainer.warmup_ratio = 2; }, "warmup_ratio");
    refused([](auto& s) { s.trainer.log_every = 0; }, "trainer.log_every");
    refused([](auto& s) { s.model.pos_encoding = "learned"; }, "model.pos_encoding");
    refused([](auto& s) { s.model.vocab_size = 8; }, "model.vocab_size");
    refused([](auto& s) { s.model.dropout = 1; }, "dropout");
    refused([](auto& s) { s.model.width_multiple = 6; }, "width_multiple");
    refused([](auto& s) { s.umup.enabled = false, s.umup.full = true; }, "umup.full");
    CHECK_FALSE(file_exists(folder / "refused/results.json"));
}

TEST_CASE(
    "a plan's learning rate is used, a loss that is not finite fails the run alone, and so does a size without room") {
    scratch_folder const folder;
    auto sweep = sweep_of({{5000, 640}, {5000, 640}, {5000, 640}, {2'000'000'000'000, 640}});
    sweep.sweep[1].learning_rate = 0.01, sweep.sweep[2].learning_rate = 1e30;
    auto s = tiny(folder / "lab");
    s.trainer.max_grad_norm = 1e30;
    auto const done = run(s, sweep);
    CHECK(done.completed == 2);
    CHECK(done.failed == 2);
    CHECK(*done.runs[0].final_loss != *done.runs[1].final_loss);
    CHECK(done.runs[2].status == run_status::failed);
    CHECK_FALSE(done.runs[2].final_loss);
    CHECK(holds(done.runs[2].error_message.value_or(""), "finite"));
    CHECK(holds(done.runs[3].error_message.value_or(""), "GB"));
}

TEST_CASE("experiments that name no folder of their own are refused before anything is written") {
    scratch_folder const folder;
    for (auto const* id : {"", ".", "..", "../x", "a/b"}) {
        auto sweep = sweep_of({{5000, 640}});
        sweep.sweep[0].experiment_id = id;
        CHECK(holds(refusal([&] { (void)run(tiny(folder / "lab"), sweep); }), "is no name of a folder"));
    }
    CHECK_FALSE(file_exists(folder / "lab/checkpoints/sweep.config.json"));
}

TEST_CASE("checkpoints of another configuration are refused, those of a plan that was changed are left") {
    scratch_folder const folder;
    auto s = tiny(folder / "lab");
    (void)run(s, sweep_of({{5000, 640}}));
    s.trainer.learning_rate = 0.01, s.paths.output = folder / "other";
    CHECK(holds(refusal([&] { (void)run(s, sweep_of({{5000, 640}})); }), "learning_rate was 0.02, is 0.01"));
    s.trainer.learning_rate = 0.02;
    auto const longer = run(s, sweep_of({{5000, 1280}}));
    CHECK(*longer.runs[0].tokens_trained == 1280);
    s.trainer.learning_rate = 0.01, s.resume = false;
    CHECK(run(s, sweep_of({{5000, 640}})).completed == 1);
}
