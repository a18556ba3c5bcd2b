#include <kvt/config/yaml.hpp>
#include <kvt/scaling/analysis_settings.hpp>
#include <kvt/scaling/settings.hpp>
#include <kvt/scaling/sweep_job.hpp>
#include <kvt/scaling/train_by.hpp>
#include <kvt/scaling/train_decoder.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <cmath>
#include <set>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("a size and a token budget become a model and whole steps") {
    sweep_training const how{
        .num_layers = 2, .vocab_size = 64, .seq_len = 32, .batch_size = 8, .accumulation_steps = 4};
    auto const job = how.job(100'000, 20'000, "x");
    CHECK(job.schedule.steps == 20);
    CHECK(job.schedule.warmup_steps == 2);
    CHECK(job.model.d_model == 64);
    CHECK(job.model.num_layers == 2);
    CHECK(job.rates.rule == rate_rule::umup);
    CHECK(job.output == "x");
    sweep_training other = how;
    other.start = start_rule::sp;
    CHECK(other.job(100'000, 1, "x").rates.rule == rate_rule::uniform);
    CHECK(other.job(100'000, 1, "x").schedule.steps == 1);
    other.start = start_rule::structured;
    CHECK(holds(refusal([&] { (void)other.job(1, 1, "x"); }), "u-mup-full or sp"));
    CHECK(holds(refusal([&] { (void)how.job(0, 1, "x"); }), "model_size"));
    CHECK(holds(refusal([&] { (void)how.job(1, 0, "x"); }), "training"));
}

TEST_CASE("such a run begins at ln V and learns; its operations are 6 N D") {
    scratch_folder const folder;
    sweep_training how{.num_layers = 1, .vocab_size = 16, .seq_len = 16, .batch_size = 4, .learning_rate = 0.02};
    how.data = json::of({{"source", "generated"}, {"vocab_size", 16}, {"branches", 2}});
    run_context context;
    context.progress = progress_meter{progress_style::silent};
    auto const done = train_decoder<>{how.job(50'000, 4000, folder / "run")}(context, start{});
    CHECK(done.steps == 63);
    CHECK(done.tokens == 63 * 64);
    CHECK(done.flops == doctest::Approx(6.0 * 63 * 64 * static_cast<double>(1 * (16 * 64 * 64 + 2 * 64) + 64)));
    CHECK(done.final_loss < 0.97 * std::log(16.0));
}

TEST_CASE("the shipped sweep has at least three budgets and four sizes, met closely, each with a model of its own") {
    auto const file = config::read_yaml_file("config/scaling/isoflop.yaml").value;
    auto const plan = settings_of<planner_settings>(file.at("plan")).grid_planner();
    auto const how = local_training(settings_of<trainer_settings>(file.at("train"))).how;
    auto const sweep = plan();
    CHECK(sweep.size() >= plan.budgets().size() * 4);
    CHECK(plan.budgets().size() >= 3);
    std::set<std::int64_t> widths;
    for (auto const& e : sweep) {
        auto const job = how.job(e.model_size, e.num_tokens, "x");
        widths.insert(job.model.d_model);
        auto const core = static_cast<double>(counts_of(job.model).core);
        CHECK(std::abs(core / static_cast<double>(e.model_size) - 1) < 0.03);
        CHECK(how.batch_size * how.seq_len >= 2 * static_cast<std::int64_t>(decoder<float>::shard_tokens));
    }
    CHECK(widths.size() == 5);
    CHECK(settings_of<analyzer_settings>(file.at("analyze")).fitting.method == "quadratic");
}
