#include <kvt/config/merge.hpp>
#include <kvt/config/overrides.hpp>
#include <kvt/scaling/analysis_settings.hpp>
#include <kvt/scaling/settings.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

template <class R> R from(std::vector<std::string> const& overrides, json document = json::object{}) {
    if (document.is_object()) config::merge(document, config::parse_overrides(overrides));
    return scaling::settings_of<R>(std::move(document), "plan.yaml");
}

}  // namespace

TEST_CASE("numbers may be spelled 1e12, 3.0e-4, 500_000 and 1e7") {
    auto const s = from<scaling::planner_settings>(
        {"compute.min_flops=1e17", "model.min_size=500_000", "model.max_size=1e7", "lr_schedule.base_lr=3.0e-4"});
    CHECK(s.compute.min_flops == 1e17);
    CHECK(s.model.min_size == 500'000);
    CHECK(s.model.max_size == 10'000'000);
    CHECK(s.lr_schedule.base_lr == 3e-4);
    CHECK(s.grid_planner().min_model_size == 500'000);
    CHECK(s.compute.num_budgets == 6);
}

TEST_CASE("unknown keys and values of another type are named") {
    auto const said = [](std::vector<std::string> const& o) {
        return refusal([&] { (void)from<scaling::planner_settings>(o); });
    };
    CHECK(holds(said({"compute.min_flop=1e17"}), "compute.min_flop"));
    CHECK(holds(said({"architecture.min_layers=2"}), "architecture"));
    CHECK(holds(said({"model.min_size=1.5"}), "model.min_size"));
    CHECK(holds(said({"model.min_size=5__0"}), "model.min_size"));
    CHECK(holds(said({"model.min_size"}), "model.min_size"));
    CHECK(holds(refusal([] { (void)from<scaling::planner_settings>({}, json{3}); }), "plan.yaml"));
}

TEST_CASE("keys of other pipelines that would change nothing are refused with the reason") {
    auto const said = [](std::vector<std::string> const& o) {
        return refusal([&] { (void)from<scaling::trainer_settings>(o); });
    };
    CHECK(holds(said({"model.d_model=256"}), "the planned size decides it"));
    CHECK(holds(said({"hardware.num_workers=4"}), "hardware.num_workers"));
    CHECK(holds(said({"dataset.cache_dir=x"}), "dataset.cache_dir"));
    CHECK(said({"model=3"}).starts_with("plan.yaml"));
    CHECK(from<scaling::trainer_settings>({"dataset.parameters.vocab_size=64"})
              .dataset.parameters.at("vocab_size")
              .integer() == 64);
}

TEST_CASE("overrides lie over the document") {
    auto const document = json::of({{"compute", json::of({{"num_budgets", 3}, {"min_flops", 1e15}})}});
    auto const s = from<scaling::planner_settings>({"compute.num_budgets=9"}, document);
    CHECK(s.compute.num_budgets == 9);
    CHECK(s.compute.min_flops == 1e15);
}

TEST_CASE("modes, rules and looks that do not exist are refused by name") {
    CHECK(scaling::trainer_settings{.mode = "local"}.checked_mode() == scaling::training_mode::local);
    CHECK(refusal([] { (void)scaling::trainer_settings{.mode = "api"}.checked_mode(); }).starts_with("mode: "));
    auto const analyzer = [](std::vector<std::string> const& o) {
        return refusal([&] { from<scaling::analyzer_settings>(o).check(); });
    };
    CHECK(analyzer({}).empty());
    CHECK(holds(analyzer({"fitting.law=cubic"}), "fitting.law"));
    CHECK(holds(analyzer({"fitting.method=quadratic", "fitting.enforce_monotonic=true"}), "enforce_monotonic"));
    CHECK(holds(analyzer({"target_compute=-1"}), "target_compute"));
    CHECK(holds(analyzer({"bucket.decimals=9"}), "bucket.decimals"));
    CHECK(holds(analyzer({"fitting.outliers=some"}), "fitting.outliers"));
    CHECK(holds(analyzer({"output.generate_configs=true"}), "generate_configs"));
    CHECK(from<scaling::analyzer_settings>({"predict_compute=1e15"}).target() == 1e15);
    CHECK(from<scaling::analyzer_settings>({"predict_compute=1e15", "target_compute=2e15"}).target() == 2e15);
    auto const visualizer = [](std::vector<std::string> const& o) {
        return refusal([&] { from<scaling::visualizer_settings>(o).check(); });
    };
    CHECK(visualizer({"plots.format=svg"}).empty());
    CHECK(holds(visualizer({"plots.show=true"}), "plots.show"));
    CHECK(visualizer({"plots.style=notebook", "plots.dpi=72"}).empty());
    CHECK(holds(visualizer({"plots.style=poster"}), "plots.style"));
    CHECK(holds(visualizer({"plots.format=pdf"}), "plots.format"));
    CHECK(holds(visualizer({"plots.dpi=7"}), "plots.dpi"));
    auto const look = [](std::vector<std::string> const& o) {
        return from<scaling::visualizer_settings>(o).options().look();
    };
    CHECK(look({}).dpi == 300);
    CHECK(look({}).width == 8);
    CHECK(look({}).letters == report::letters::serif);
    CHECK(look({"plots.style=notebook"}).dpi == 100);
    CHECK(look({"plots.style=notebook"}).height == 7);
    CHECK(look({"plots.style=notebook", "plots.dpi=50"}).dpi == 50);
}
