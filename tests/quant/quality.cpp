#include "faults.hpp"

#include <kvt/quant/quality.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace kvt::quant;

TEST_CASE("figures follow from the sums") {
    error_sums const s{.count = 4, .clipped = 1, .signal = 8, .noise = 2, .cross = 7, .rebuilt = 8, .worst = 1.25};
    auto const q = quality::of(s);
    CHECK(q.cosine == doctest::Approx(0.875));
    CHECK(q.mse == 0.5);
    CHECK(q.max_abs_error == 1.25);
    CHECK(q.sqnr_db.value() == doctest::Approx(10 * std::log10(4)));
    CHECK(q.clipped_fraction == 0.25);
    CHECK_FALSE(quality::of({.count = 4, .signal = 8, .cross = 8, .rebuilt = 8}).sqnr_db);
    CHECK_FALSE(quality::of({.count = 4, .noise = 1, .rebuilt = 1}).sqnr_db);
    CHECK(quality::of({.count = 4}).cosine == 1);
    CHECK(quality::of({}).cosine == 0);
    CHECK(cosine_of(1e300, 1e300, 1e300) == 1);
    CHECK(cosine_of(1, -1.0000001, 1) == -1);
}

TEST_CASE("thresholds, the ladder below them, and means over tensors") {
    CHECK(acceptance_threshold(3) == 0.85);
    CHECK(next_fallback(2)->bits == 4);
    CHECK(next_fallback(2)->threshold < acceptance_threshold(4));
    CHECK(next_fallback(4)->bits == 8);
    CHECK_FALSE(next_fallback(8));
    auto const m = model_cosine::of(std::vector<double>{1, 0.5}, std::vector<std::int64_t>{1, 3});
    CHECK(m.mean == 0.75);
    CHECK(m.element_weighted == 0.625);
    CHECK(model_cosine::of({}, {}).mean == 0);
    CHECK(fault_of([] { (void)model_cosine::of(std::vector<double>{1}, {}); }) == "length_mismatch");
}
