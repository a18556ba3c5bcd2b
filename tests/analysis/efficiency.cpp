#include <doctest/doctest.h>
#include <kvt/analysis/efficiency.hpp>

using namespace kvt::analysis;

TEST_CASE("throughput is over the span from the first start to the last end") {
    std::vector<cost_row> const rows{{0.0, 1.0, 100, 10}, {4.0, 1.0, 300, 30}, {2.0, 1.5, 200, 20}};
    auto const e = measure_efficiency(rows, {.prompt = 1, .completion = 4});
    CHECK(e.wall_span_s == 5.0);
    CHECK(e.effective_rpm == 36.0);
    CHECK(e.avg_prompt_tokens == 200.0);
    CHECK(*e.completion_tokens_per_s == doctest::Approx(60 / 3.5));
    CHECK(e.cost_proxy == 600 + 4 * 60);
    CHECK(e.telemetry_coverage == 1.0);
}

TEST_CASE("missing telemetry is left out, and its share is told") {
    auto const e = measure_efficiency(std::vector<cost_row>{{0.0, 2.0, 10, 5}, {}, {.start_s = 9.0}, {}});
    CHECK(e.n_requests == 4);
    CHECK(e.wall_span_s == 2.0);
    CHECK(e.telemetry_coverage == 0.25);
    auto const none = measure_efficiency(std::vector<cost_row>{{}});
    CHECK_FALSE(none.wall_span_s);
    CHECK_FALSE(none.effective_rpm);
    CHECK_FALSE(none.completion_tokens_per_s);
    CHECK(measure_efficiency({}).cost_proxy == 0);
}

TEST_CASE("a span of no length has no rate") {
    auto const e = measure_efficiency(std::vector<cost_row>{{1.0, 0.0, 1, 1}});
    CHECK(e.wall_span_s == 0.0);
    CHECK_FALSE(e.effective_rpm);
}
