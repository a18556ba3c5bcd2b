#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/group_evaluator.hpp>

namespace quant = kvt::quant;

TEST_CASE("exact answers are those of the values, histograms' are close and never lower") {
    kvt::random_stream stream{15, "evaluator"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = tensors::some_tensor(stream, 60);
        auto const view = t.view();
        auto const start = quant::min_max(view);
        quant::group_evaluator const exact{view, {.how = quant::evaluation::exact}}, coarse{view, {.bins = 20}};
        for (std::size_t g = 0; g < start.size(); ++g) {
            double const true_error = quant::error_of(view.group(g), start[g], t.bits).squares;
            REQUIRE(exact.errors(g, {&start[g], 1}).front().squares == true_error);
            REQUIRE(coarse.exact(g, {&start[g], 1}).front().squares == true_error);
            REQUIRE(coarse.errors(g, {&start[g], 1}).front().squares >= true_error * (1 - 1e-9) - 1e-28);
            REQUIRE(coarse.original(g).mean == doctest::Approx(exact.original(g).mean).epsilon(1e-9));
        }
    }
}

TEST_CASE("options that make no histogram") {
    auto const refused = [](quant::evaluation_options const& o) { return tensors::refusal([&] { o.check(); }); };
    CHECK(refused({.bins = -1}) == quant::fault::invalid_group_size);
    CHECK(refused({.bins = (1 << 20) + 1}) == quant::fault::invalid_group_size);
    CHECK(refused({.sample = -1}) == quant::fault::invalid_group_size);
    quant::evaluation_options{}.check();
}
