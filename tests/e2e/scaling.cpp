// kvt scaling: the whole pipeline, its files, what it refuses, and kills at any moment.
#include "process.hpp"

#include <kvt/core/json.hpp>
#include <kvt/scaling/training_run.hpp>

#include <doctest/doctest.h>

using namespace e2e;

namespace {

/// A results file without its times of day.
std::string timeless(fs::path const& path) {
    std::string out;
    for (auto run : kvt::scaling::read_results(path.string()).runs) {
        run.timestamp.clear();
        out += kvt::dump(kvt::scaling::run_json(run)) + "\n";
    }
    return out;
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
                             "plots/scaling_laws.svg", "plots/scaling_laws_loss.svg", "plots/tokens_per_param.svg"}) {
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

TEST_CASE("kill -9 at 20 moments of a sweep: what is resumed equals what was never interrupted") {
    workplace place;
    REQUIRE(e2e::kvt(place, {"scaling", "plan", "compute.num_budgets=200", "compute.num_model_sizes=120",
                             "compute.max_flops=1e18", "output.sweep_path=sweep.json", "-q"})
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
