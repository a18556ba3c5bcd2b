#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/trace/coverage.hpp>

#include <cmath>

using namespace kvt::trace;

TEST_CASE("intervals hold the truth about as often as they say, for any number of threads") {
    step_engine const engine{.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4, .noise_sigma = 0.05, .noise_seed = 1};
    named_load const load{"calm", {.requests = 250, .rate = 1, .prompt_median = 1500, .output_median = 60}};
    iterative const method;
    block_bootstrap const intervals{.resamples = 200};
    auto const inline_ = kvt::exec::inline_executor{};
    auto const found = measure_coverage(load, engine, 60, method, intervals, inline_);
    CHECK(found.simulations == 60);
    CHECK(found.without_interval == 0);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(found.held[c] >= 0.85);  // 0.95 less 3.5 standard errors of 60
        CHECK(std::abs(found.bias[c]) < 0.5 * found.spread[c]);
        CHECK(found.half_width[c] < 6 * found.spread[c]);
    }
    auto const threads = kvt::exec::thread_executor{2};
    CHECK(kvt::dump(kvt::to_json(measure_coverage(load, engine, 60, method, intervals, threads))) ==
          kvt::dump(kvt::to_json(found)));
}
