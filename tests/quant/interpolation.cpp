#include "quant/sequences.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/interpolation.hpp>

namespace quant = kvt::quant;
using quant::interpolation;

TEST_CASE("weights rise from the left value to the right one, and mirror each other") {
    for (auto const method : {interpolation::linear, interpolation::cubic, interpolation::sigmoid}) {
        double before = -1;
        for (int i = 0; i <= 100; ++i) {
            double const a = i / 100.0, w = quant::weight_at(method, a);
            CHECK(w > before);
            CHECK(w + quant::weight_at(method, 1 - a) == doctest::Approx(1));
            before = w;
        }
        CHECK(quant::weight_at(method, 0.5) == 0.5);
    }
    CHECK(quant::weight_at(interpolation::cubic, 1) == 1);
    CHECK(quant::weight_at(interpolation::linear, 0.3) == 0.3);
    CHECK(quant::weight_at(interpolation::sigmoid, 0) == doctest::Approx(0.00669285).epsilon(1e-5));
    CHECK(quant::weight_at(interpolation::sigmoid, 1) == doctest::Approx(0.99330715).epsilon(1e-5));
    CHECK(quant::weight_at(interpolation::cubic, 1e-6) < 1e-11);  // flat at the end
}

TEST_CASE("methods have names, windows an end") {
    CHECK(quant::interpolation_named("cubic") == interpolation::cubic);
    CHECK(sequences::refusal([] { (void)quant::interpolation_named("quintic"); }) ==
          quant::fault::invalid_interpolation);
    for (int const w : {0, -1, 21})
        CHECK(sequences::refusal([&] { quant::check_window(w); }) == quant::fault::invalid_window_size);
    quant::check_window(1);
    quant::check_window(20);
}
