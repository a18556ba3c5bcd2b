// kvt scaling: the whole pipeline, its files, what it refuses, and kills at any moment.
#include "process.hpp"

#include <kvt/core/json.hpp>
#include <kvt/scaling/training_run.hpp>

#include <doctest/doctest.h>

using namespace e2e;

namespace {

/// A results file without its times: those of day, and how long runs took.
std::string timeless(fs::path const& path) {
    std::string out;
    for (auto run : kvt::scaling::read_results(path.string()).runs) {
        run.timestamp.clear(), run.wall_time_seconds = 0;
        out += kvt::dump(kvt::scaling::run_json(run)) + "\n";
    }
    return out;
}

/// Real training of small GPTs.
std::string const local_training =
    "{mode: local, hardware: {num_threads: 2},\n"
    " dataset: {name: generated, seq_len: 16, validation_sequences: 8, parameters: {vocab_size: 32, branches: 2}},\n"
    " trainer: {batch_size: 4, learning_rate: 1.0e-2, checkpoint_every: 5, log_every: 1, eval_every: 10},\n"
    " model: {vocab_size: 32, num_layers: 1, width_multiple: 4}}\n";
/// Six of them, in a second or two.
std::string const local_sweep = "plan:\n"
                                "  compute: {min_flops: 1.2e8, max_flops: 5.0e8, num_budgets: 2, num_model_sizes: 3}\n"
                                "  model: {min_size: 4100, max_size: 12000}\n"
                                "analyze: {fitting: {method: quadratic, resamples: 50}, parametric: {resamples: 10}}\n"
                                "visualize: {plots: {format: svg}}\n"
                                "train: " +
                                local_training;

std::vector<std::string> all_of(std::string const& folder, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"scaling", "all", "-c", "sweep.yaml", "-o", folder});
    return more;
}

bool says(result const& r, std::string const& part) { return r.err.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("all writes every file, and a second time repeats nothing") {
    workplace place;
    auto const first =
        e2e::kvt(place, {"scaling", "all", "--mode", "mock", "-o", "lab", "analyze.target_compute=1e15"});
    REQUIRE_MESSAGE(first.code == 0, first.err);
    CHECK(first.out.find("25 experiments") != std::string::npos);
    CHECK(first.out.find("N_opt = 1.6934e+02 * C^0.2801") != std::string::npos);
    CHECK(first.out.find("at 1.000e+15 FLOPs: 2,") != std::string::npos);
    for (auto const* name : {"sweep.json", "results.json", "results.config.json", "analysis/scaling_laws.json",
                             "plots/isoflops_curves.svg", "plots/isoflops_curves.png", "plots/isoflops_curves.json",
                             "plots/scaling_laws.svg", "plots/scaling_laws.png", "plots/tokens_per_param.svg"}) {
        CAPTURE(name);
        CHECK(fs::file_size(place / ("lab/" + std::string{name})) > 0);
    }
    auto const results = slurp(place / "lab/results.json"), laws = slurp(place / "lab/analysis/scaling_laws.json");
    auto const second = e2e::kvt(place, {"scaling", "all", "-o", "lab", "-q"});
    REQUIRE_MESSAGE(second.code == 0, second.err);
    CHECK(second.out.find("25 completed (25 of them earlier)") != std::string::npos);
    CHECK(slurp(place / "lab/results.json") == results);

    auto const steps = {std::vector<std::string>{"scaling", "plan", "output.sweep_path=alone/sweep.json"},
                        {"scaling", "train", "paths.sweep=alone/sweep.json", "paths.output=alone"},
                        {"scaling", "analyze", "paths.results=alone/results.json", "paths.analysis=alone/analysis",
                         "target_compute=1e15"},
                        {"scaling", "viz", "paths.results=alone/results.json", "paths.plots=alone/plots",
                         "paths.analysis=alone/analysis/scaling_laws.json", "plots.format=svg"}};
    for (auto const& step : steps) {
        auto const r = e2e::kvt(place, step);
        REQUIRE_MESSAGE(r.code == 0, r.err);
    }
    CHECK(slurp(place / "alone/sweep.json") == slurp(place / "lab/sweep.json"));
    CHECK(timeless(place / "alone/results.json") == timeless(place / "lab/results.json"));
    CHECK(slurp(place / "alone/analysis/scaling_laws.json") == laws);
    CHECK(slurp(place / "alone/plots/scaling_laws.svg") == slurp(place / "lab/plots/scaling_laws.svg"));
    CHECK_FALSE(fs::exists(place / "alone/plots/scaling_laws.png"));
    auto const told = e2e::kvt(place, {"scaling", "predict", "--laws", "alone/analysis/scaling_laws.json", "1e18"});
    CHECK(told.out.find("| 1.00e+18 |") != std::string::npos);
}

TEST_CASE("what is wrong is one line that names it, and an exit code") {
    workplace place;
    auto const refused = [&](std::vector<std::string> arguments, std::string const& part) {
        arguments.insert(arguments.begin(), "scaling");
        auto const r = e2e::kvt(place, arguments);
        CAPTURE(part);
        CAPTURE(r.err);
        CHECK(r.code == 2);
        CHECK(says(r, part));
        CHECK(r.err_lines() == 1);
    };
    refused({"plan", "compute.min_flop=1"}, "compute.min_flop");
    refused({"plan", "compute.min_flops=abc"}, "compute.min_flops");
    refused({"plan", "compute.min_flops=0"}, "compute.min_flops");
    refused({"plan", "--config", "none.yaml"}, "none.yaml");
    refused({"train", "mode=api"}, "mode");
    refused({"train"}, "kvt scaling plan");
    refused({"analyze"}, "kvt scaling train");
    refused({"predict"}, "kvt scaling analyze");
    refused({"visualize", "plots.show=true"}, "plots.show");
    spit(place / "outputs/results.json", "[1, oops]");
    refused({"analyze"}, "byte 4");
    spit(place / "outputs/analysis/scaling_laws.json",
         R"({"n_opt_fit": {"coefficient_k": 1, "exponent_a": 0.5}, "d_opt_fit": {"coefficient_k": 1, "exponent_a": 0.5},
             "l_opt_fit": {"coefficient_k": 1, "exponent_a": 0.5}})");
    refused({"predict", "--", "-1"}, "target compute");
    CHECK_FALSE(fs::exists(place / "outputs/sweep.json"));

    REQUIRE(e2e::kvt(place, {"scaling", "all", "-o", "lab", "-q"}).code == 0);
    refused({"train", "paths.sweep=lab/sweep.json", "paths.output=lab", "trainer.seed=7"}, "other_configuration");
    auto const whole = slurp(place / "lab/results.json");
    spit(place / "lab/results.json", whole.substr(0, whole.size() / 2));
    auto const recovered = e2e::kvt(place, {"scaling", "train", "paths.sweep=lab/sweep.json", "paths.output=lab"});
    CHECK(recovered.code == 0);
    CHECK(says(recovered, "WARN: lab/results.json: ends in its middle"));
    spit(place / "zeros.json", R"([{"experiment_id": "a", "compute_budget": 0, "model_size": 1, "num_tokens": 1}])");
    CHECK(e2e::kvt(place, {"scaling", "train", "paths.sweep=zeros.json", "paths.output=zeros"}).code == 1);
}

namespace {

/// Budgets of the sweep that is killed: enough to be under way for a while. Every few runs the file is written anew, which
/// ThreadSanitizer makes a hundred times dearer.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
char const* const many_budgets = "compute.num_budgets=20";
#else
char const* const many_budgets = "compute.num_budgets=200";
#endif
#else
char const* const many_budgets = "compute.num_budgets=200";
#endif

}  // namespace

TEST_CASE("kill -9 at 20 moments of a sweep: what is resumed equals what was never interrupted") {
    workplace place;
    REQUIRE(e2e::kvt(place, {"scaling", "plan", many_budgets, "compute.num_model_sizes=120", "compute.max_flops=1e18",
                             "output.sweep_path=sweep.json", "-q"})
                .code == 0);
    REQUIRE(e2e::kvt(place, {"scaling", "train", "paths.sweep=sweep.json", "paths.output=whole", "-q"}).code == 0);
    std::mt19937 moments{20};  // the moments, not the results, are random
    int killed = 0;
    for (int i = 0; i < 20; ++i) {
        process p{place, {"scaling", "train", "paths.sweep=sweep.json", "paths.output=killed", "-q"}};
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + moments() % 400});
        p.kill(SIGKILL);
        killed += p.wait().signal == SIGKILL ? 1 : 0;
    }
    auto const last = e2e::kvt(place, {"scaling", "train", "paths.sweep=sweep.json", "paths.output=killed", "-q"});
    REQUIRE_MESSAGE(last.code == 0, last.err);
    MESSAGE(killed, " of 20 kills came while it ran");
    CHECK(killed >= 5);
    CHECK(timeless(place / "killed/results.json") == timeless(place / "whole/results.json"));
}

TEST_CASE("a sweep of real training, killed 20 times with -9, ends as one that was not") {
    workplace place;
    spit(place / "sweep.yaml", local_sweep);
    auto const whole = e2e::kvt(place, all_of("whole", {"--threads", "1"}));
    REQUIRE_MESSAGE(whole.code == 0, whole.err);
    CHECK(whole.out.find("6 completed") != std::string::npos);
    CHECK(says(whole, "exp_0000 (1 of 6)"));
    CHECK(says(whole, "tokens/s"));
    CHECK(says(whole, "% of peak"));
    CHECK(says(whole, "min for all"));
    for (auto const* name :
         {"logs/exp_0005.csv", "checkpoints/exp_0005/training.json", "checkpoints/exp_0005/validation_log.csv",
          "analysis/scaling_laws.json", "plots/isoflops_curves.svg"}) {
        CAPTURE(name);
        CHECK(fs::file_size(place / ("whole/" + std::string{name})) > 0);
    }
    std::mt19937 moments{20};  // the moments, not the results, are random
    int under_way = 0;
    auto const steps = [&] {
        std::size_t n = 0;
        for (int i = 0; i < 6; ++i)
            for (char c : slurp(place / ("killed/logs/exp_000" + std::to_string(i) + ".csv"))) n += c == '\n';
        return n;
    };
    for (int i = 0; i < 20; ++i) {
        auto const before = steps();
        process p{place, all_of("killed", {"-q", "--threads", "1"})};
        auto const wanted = before + 6 + moments() % 12;
        CHECK(eventually([&] { return steps() >= wanted || !p.running(); }));
        p.kill(SIGKILL);
        under_way += p.wait().signal == SIGKILL ? 1 : 0;
    }
    MESSAGE(under_way, " of 20 kills while it trained");
    CHECK(under_way >= 10);
    auto const last = e2e::kvt(place, all_of("killed", {"-q", "--threads", "2"}));
    REQUIRE_MESSAGE(last.code == 0, last.err);
    CHECK(timeless(place / "killed/results.json") == timeless(place / "whole/results.json"));
    for (auto const* name :
         {"analysis/scaling_laws.json", "logs/exp_0000.csv", "logs/exp_0005.csv",
          "checkpoints/exp_0003/validation_log.csv", "checkpoints/exp_0003/model/model.safetensors"}) {
        CAPTURE(name);
        CHECK(slurp(place / ("killed/" + std::string{name})) == slurp(place / ("whole/" + std::string{name})));
    }
}

TEST_CASE("Ctrl-C in a sweep of real training says how to go on, which then repeats nothing") {
    workplace place;
    spit(place / "train.yaml", local_training);
    REQUIRE(e2e::kvt(place, {"scaling", "plan", "compute.min_flops=4e9", "compute.num_budgets=1", "-q",
                             "compute.num_model_sizes=2", "model.min_size=4100", "model.max_size=16500"})
                .code == 0);
    std::vector<std::string> const train{"scaling", "train", "-c", "train.yaml"};
    auto first = train;
    first.insert(first.end(), {"trainer.checkpoint_every=100000", "resume=false"});
    process p{place, first};
    CHECK(eventually([&] { return slurp(place / "outputs/logs/exp_0000.csv").size() > 400 || !p.running(); }));
    p.kill(SIGINT);
    auto const stopped = p.wait();
    CHECK(stopped.code == 1);
    CHECK(says(stopped, "kvt scaling train -c 'train.yaml' 'trainer.checkpoint_every=100000' 'resume=false' "
                        "resume=true"));
    CHECK(fs::exists(place / "outputs/checkpoints/exp_0000/checkpoint.safetensors"));
    auto const on = e2e::kvt(place, train);
    REQUIRE_MESSAGE(on.code == 0, on.err);
    CHECK(says(on, "going on from step"));
    CHECK(on.out.find("2 completed") != std::string::npos);
    auto other = train;
    other.emplace_back("trainer.learning_rate=0.1");
    auto const refused = e2e::kvt(place, other);
    CHECK(refused.code == 2);
    CHECK(says(refused, "learning_rate was 0.01, is 0.1"));
    CHECK(refused.err_lines() == 1);
}

TEST_CASE("real training refuses what it cannot do in one line that names the key; a loss that is lost fails its run") {
    workplace place;
    spit(place / "sweep.yaml", local_sweep);
    auto const refused = [&](std::vector<std::string> more, std::string const& part) {
        auto const r = e2e::kvt(place, all_of("lab", std::move(more)));
        CAPTURE(part);
        CAPTURE(r.err);
        CHECK(r.code == 2);
        CHECK(says(r, part));
        CHECK(r.err_lines() == 1);
    };
    refused({"train.hardware.num_workers=4"}, "train.hardware.num_workers");
    refused({"train.hardware.pin_memory=true"}, "train.hardware.pin_memory");
    refused({"train.dataset.cache_dir=x"}, "train.dataset.cache_dir");
    refused({"train.model.d_model=64"}, "train.model.d_model");
    refused({"train.model.num_heads=4"}, "train.model.num_heads");
    refused({"train.hardware.device=cuda"}, "hardware.device");
    refused({"train.dataset.name=stories"}, "stories");
    refused({"train.dataset.parameters.branch=3"}, "branch");
    refused({"train.dataset.parameters=3"}, "dataset.parameters");
    refused({"train.model.vocab_size=8"}, "model.vocab_size");
    refused({"train.trainer.batch_size=0"}, "batch_size");
    refused({"train.model.num_layers=0"}, "num_layers");
    refused({"train.trainer.learning_rate=fast"}, "learning_rate");
    refused({"--mode", "api"}, "api");
    refused({"--threads", "-1"}, "--threads");
    auto const none = e2e::kvt(place, {"scaling", "all", "--mode", "local", "-o", "none"});
    CHECK(none.code == 2);
    CHECK(says(none, "dataset.name"));
    auto const lost = e2e::kvt(place, all_of("lost", {"train.trainer.learning_rate=1e30"}));
    CHECK(lost.code == 1);
    CHECK(says(lost, "no_completed_runs"));
    CHECK(lost.out.find("0 completed (0 of them earlier), 6 failed") != std::string::npos);
    CHECK(slurp(place / "lost/results.json").find("\"final_loss\": null") != std::string::npos);
}
