#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/charts.hpp>

#include <cmath>

using namespace kvt::trace;
using traces::exposed;

TEST_CASE("pressure over time keeps its integral") {
    kvt::random_stream stream{90, "charts"};
    for (int round = 0; round < 200; ++round) {
        auto const x = exposed(traces::some_trace(stream));
        double const span = x.grid.back() - x.grid.front();
        for (std::size_t const pieces : {1, 7, 100}) {
            auto const c = pressure_chart(x, pieces);
            REQUIRE(c.series.size() == 2);
            for (std::size_t k = 0; k < 2; ++k) {
                double sum = 0, wanted = 0;
                for (auto const& p : c.series[k].points) sum += p.y * span / static_cast<double>(pieces);
                for (std::size_t i = 0; i < x.rows.size(); ++i)
                    if ((x.rows.kind[i] == phase_kind::prefill) == (k == 0))
                        wanted += x.rows.t_end[i] - x.rows.t_start[i];
                REQUIRE(sum == doctest::Approx(wanted).epsilon(1e-9));
            }
        }
    }
}

TEST_CASE("durations and coefficients as charts") {
    auto const x = exposed(traces::four_phases());
    auto const found = iterative::preset(iterative_preset::published)(x);
    auto const w = settled_features(x, found.beta, chunk_correction::beta_informed);
    auto const fit = fit_chart(x, found.beta, w);
    REQUIRE(fit.series.size() == 3);
    REQUIRE(fit.series[0].points.size() == 2);
    CHECK(fit.series[0].points[0].x == 2);
    CHECK(fit.series[0].points[0].y == doctest::Approx(found.beta.beta1 * w.prefill[0]));
    CHECK(*fit.x.low == 1);
    CHECK(*fit.y.high == 10);
    CHECK(fit_chart(x, found.beta, w, 1).series[0].label == "prefill, one in 2");
    CHECK(fit_chart(x, {}, w).series.empty());
    auto const history = history_chart(found);
    REQUIRE(history.series.size() == 2);  // beta0 ends at 0
    CHECK(history.series[0].points.size() == 8);
    CHECK(history.series[0].points.back().y == 1);
    CHECK(kvt::report::has_data(history));
    CHECK(kvt::report::gnuplot_script(fit, kvt::report::image_format::svg).size() > 100);
}

TEST_CASE("settled features are those of the estimate's own pressures") {
    auto const x = exposed(traces::four_phases());
    auto const found = iterative{}(x);
    auto const w = settled_features(x, found.beta, chunk_correction::beta_informed);
    auto const again = reweigh(x, found.beta, w.pressure, chunk_correction::beta_informed);
    for (std::size_t i = 0; i < x.rows.size(); ++i)
        CHECK(again.prefill[i] == doctest::Approx(w.prefill[i]).epsilon(1e-3));
}
