#include "faults.hpp"

#include <kvt/quant/payload.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("payloads add up over tensors") {
    payload all;
    for (std::size_t const n : {128U, 120U, 8U, 96U}) all += quantized_payload(n, 4, 2);
    all += passed_payload(3);
    CHECK(all.total_bytes() == 228);
    CHECK(all.elements == 355);
    CHECK(all.compression_ratio() == doctest::Approx(1420.0 / 228));
    CHECK(all.groups == 16);
    CHECK(quantized_payload(5, 1, 4, 8).total_bytes() == 3 + 16);
    CHECK(payload{}.compression_ratio() == 0);
}

TEST_CASE("planned ratios are those of the seed") {
    double const wanted[] = {8.0, 32.0 / 3, 12.8, 128.0 / 9};
    std::int64_t const sizes[] = {32, 64, 128, 256};
    for (int i = 0; i < 4; ++i) CHECK(planned_ratio(2, sizes[i]) == doctest::Approx(wanted[i]));
    CHECK(ideal_ratio(2) == 16);
    // the plan is what a tensor of whole groups comes to
    CHECK(grouped_payload(4096, 128, 4).compression_ratio() == doctest::Approx(planned_ratio(4, 128)));
    CHECK(fault_of([] { (void)ideal_ratio(5); }) == "invalid_bit_width");
    CHECK(fault_of([] { (void)planned_ratio(2, 0); }) == "invalid_group_size");
    CHECK(fault_of([] { (void)grouped_payload(4, -2, 2); }) == "invalid_group_size");
    CHECK(fault_of([] { (void)quantized_payload(4, 1, 3); }) == "invalid_bit_width");
}
