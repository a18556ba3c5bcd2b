#include "faults.hpp"

#include <kvt/quant/entropy.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace kvt::quant;

TEST_CASE("even values have all the entropy, equal ones none") {
    std::vector<float> values;
    for (int i = 0; i < 256; ++i) values.push_back(static_cast<float>(i));
    CHECK(normalized_entropy(values) == doctest::Approx(1));
    CHECK(normalized_entropy(values, 16) == doctest::Approx(1));
    CHECK(normalized_entropy(std::vector<float>(9, 0.1F)) == 0);
    CHECK(normalized_entropy({}) == 0);
    CHECK(normalized_entropy(std::vector<float>{0, 1}, 2) == 1);
    CHECK(normalized_entropy(std::vector<float>{-3e38F, 3e38F}, 2) == 1);
    CHECK(suggested_bits(0.49) == 8);
    CHECK(suggested_bits(0.5) == 4);
    CHECK(suggested_bits(0.7) == 2);
    CHECK(fault_of([] { (void)normalized_entropy({}, 1); }) == "invalid_group_size");
    CHECK(fault_of([] { (void)normalized_entropy(std::vector<float>{NAN}); }) == "non_finite_input");
}
