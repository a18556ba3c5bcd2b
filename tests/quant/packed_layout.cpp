#include "faults.hpp"

#include <kvt/quant/packed_layout.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("a layout says how many elements and which codes there are") {
    packed_layout layout{.shape = {3, 4}, .quantizer = "symmetric", .bits = 4};
    layout.check("w");
    CHECK(layout.elements() == 12);
    CHECK(layout.grid().low == -8);
    layout.quantizer = "asymmetric";
    CHECK(layout.grid().low == 0);
    CHECK(packed_layout{.shape = {}}.elements() == 1);
    CHECK(packed_names::of("w").scale == "w.kvt_scale");
}

TEST_CASE("layouts that are not possible are refused, naming the tensor") {
    auto const fault = [](packed_layout layout) { return fault_of([&] { layout.check("w"); }); };
    CHECK(fault({.shape = {INT64_MAX, 2}}) == "length_mismatch");
    CHECK(fault({.shape = {0}}) == "empty_input");
    CHECK(fault({.shape = {1}, .bits = 5}) == "invalid_bit_width");
    CHECK(fault({.shape = {1}, .time_groups = 0}) == "invalid_time_groups");
    CHECK(fault({.shape = {1}, .group_size = 0}) == "invalid_group_size");
    CHECK(fault({.shape = {1}, .type = kvt::tensor::element::i8}) == "unsupported_dtype");
    CHECK(holds(refusal([] { packed_layout{.shape = {1}, .bits = 5}.check("w"); }), "w: "));
    CHECK(refusal([] { packed_layout{.shape = {1}, .quantizer = "other"}.check("w"); }) != "");
    CHECK(refusal([] { packed_layout{.shape = {1}, .parameter_bytes = 2}.check("w"); }) != "");
}
