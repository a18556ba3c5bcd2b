#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/scaling/analysis_settings.hpp>
#include <kvt/scaling/mock_training.hpp>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

scaling::planner const small{.min_flops = 1e17,
                             .max_flops = 1e19,
                             .num_compute_budgets = 3,
                             .num_model_sizes = 4,
                             .max_model_size = 1'000'000'000};

struct quiet_context : run_context {
    quiet_context() { progress = progress_meter{progress_style::silent}; }
};

}  // namespace

TEST_CASE("plan | train | fit | fit_surface: the published small sweep") {
    scratch_folder const folder;
    auto const lab = pipeline{
        scaling::plan{small, folder / "sweep.json"},
        scaling::train{scaling::mock_training{42}, {folder.path}},
        scaling::fit{folder / "scaling_laws.json"},
        scaling::fit_surface{{}, scaling::surface_bootstrap{.resamples = 10}},
    };
    quiet_context context;
    auto const done = lab(context);
    CHECK(done.points.size() == 11);
    REQUIRE(done.optima.size() == 3);
    CHECK(done.optima[0].at.model_size == 46'415'888);
    CHECK(done.optima[1].at.model_size == 46'415'888);
    CHECK(done.optima[2].at.model_size == 215'443'469);
    CHECK(done.laws.n_opt_fit.r_squared == doctest::Approx(0.75));
    REQUIRE(done.laws.warnings.size() == 1);
    CHECK(done.laws.warnings[0].starts_with("N_opt: R2 is 0.7500, below 0.85"));
    auto const file = read_json_file(folder / "scaling_laws.json");
    CHECK(file.at("parametric").at("intervals").size() == 6);
    auto const from_file = scaling::predict(scaling::read_laws(folder / "scaling_laws.json"), 1e20);
    auto const from_object = scaling::predict(done.laws.triple(), 1e20);
    CHECK(to_json(from_file) == to_json(from_object));
}

TEST_CASE("rules by name: a parabola comes nearer to the surface that is known") {
    quiet_context context;
    auto const runs = scaling::train{scaling::mock_training{0}, {.folder = ""}}(context, {scaling::planner{}(), ""});
    scaling::analyzer_settings s{.output = {.save_fit = false}};
    s.parametric.resamples = 0;
    double const truth = scaling::mock_training::surface().a();
    auto const plain = fit_by(s, context, runs);
    s.fitting.method = "quadratic";
    auto const curved = fit_by(s, context, runs);
    CHECK(plain.laws.n_opt_fit.exponent_a == doctest::Approx(0.400).epsilon(1e-3));
    CHECK(curved.laws.n_opt_fit.exponent_a == doctest::Approx(0.438).epsilon(2e-3));
    CHECK(std::abs(curved.laws.n_opt_fit.exponent_a - truth) < std::abs(plain.laws.n_opt_fit.exponent_a - truth));
    CHECK(curved.laws.optimum == "quadratic");
    s.fitting.law = "linf", s.fitting.robust = true, s.validation.leave_one_out = true;
    s.validation.expected_exponent = 0.9, s.output.save_isoflops = true;
    auto const other = fit_by(s, context, runs);
    CHECK(other.laws.method == "huber_loglog, loss by linf");
    CHECK(other.laws.l_opt_fit.l_inf);
    CHECK_FALSE(other.laws.n_opt_fit.l_inf);
    CHECK(other.laws.isoflops.size() == 5);
    REQUIRE(other.laws.leave_one_out);
    CHECK(other.laws.leave_one_out->n_opt_fit->exponents.size() == 5);
    CHECK(holds(other.laws.warnings.back(), "further than 0.15 from 0.9"));
    s.fitting.method = "cubic";
    CHECK(holds(refusal([&] { (void)fit_by(s, context, runs); }), "fitting.method"));
}

TEST_CASE("one budget has no law; few runs have no surface, which is said") {
    quiet_context context;
    auto const train = [&](std::int64_t budgets, std::int64_t sizes) {
        auto p = small;
        p.num_compute_budgets = budgets, p.num_model_sizes = sizes;
        return scaling::train{scaling::mock_training{}, {.folder = ""}}(context, {p(), ""});
    };
    CHECK(holds(refusal([&] { (void)scaling::fit{}(context, train(1, 4)); }), "too_few_budgets"));
    auto const few = scaling::fit_surface{}(context, scaling::fit{}(context, train(2, 2)));
    CHECK_FALSE(few.laws.parametric);
    CHECK(holds(few.laws.warnings.back(), "five are needed"));
}

TEST_CASE("pictures come with their numbers") {
    scratch_folder const folder;
    quiet_context context;
    auto const runs = scaling::train{scaling::mock_training{}, {.folder = ""}}(context, {small(), ""});
    auto const laws = scaling::fit{}(context, runs);
    scaling::drawn done;
    try {
        done = scaling::draw{scaling::draw_options{folder.path, scaling::figure_format::svg}}(context, laws);
    } catch (error const& e) {
        if (e.kind() != error_kind::missing) throw;
        return;  // no gnuplot on this machine
    }
    CHECK(done.figures == 3);
    CHECK(done.failures.empty());
    for (auto const* name : {"isoflops_curves", "scaling_laws", "tokens_per_param"}) {
        CHECK(read_file(folder / (std::string{name} + ".svg")).size() > 1000);
        CHECK(read_json_file(folder / (std::string{name} + ".json")).size() > 0);
    }
    CHECK(read_json_file(folder / "scaling_laws.json").at("fit_curves").at("l_opt_fit").size() == 100);
}
