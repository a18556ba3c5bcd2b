#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/quantizer.hpp>
#include <laws/quantizer.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

static_assert(quantizer<asymmetric>);
static_assert(!quantizer<code_grid>);

TEST_CASE("asymmetric keeps the laws") {
    kvt::random_stream stream{13, "asymmetric"};
    for (int round = 0; round < 1000; ++round) {
        std::vector<float> values(1 + stream.below(40));
        double const spread = std::exp2(static_cast<double>(stream.below(60)) - 30),
                     centre = (stream.unit() - 0.5) * 10;
        for (auto& v : values) v = static_cast<float>((stream.unit() - 0.5 + centre) * spread);
        laws::quantizer(asymmetric{2 << stream.below(3)}, values);
    }
}

TEST_CASE("a range's ends have the end codes, and one without width is exact") {
    for (std::int32_t const bits : {2, 4, 8}) {
        asymmetric const q{bits};
        auto const p = q.parameters({-1.5, 3});
        CHECK(q.grid().encode(p, -1.5) == 0);
        CHECK(q.grid().encode(p, 3) == top_code(bits));
        CHECK(p.decode(top_code(bits)) == doctest::Approx(3));
        auto const flat = q.parameters({0.1, 0.1});
        CHECK(flat.scale == 0);
        CHECK(flat.decode(q.grid().encode(flat, 0.1)) == 0.1);
        CHECK(flat.zero_point() == 0);
    }
    CHECK(fault_of([] { asymmetric{3}.check(); }) == "invalid_bit_width");
    CHECK(fault_of([] { (void)asymmetric{16}.grid(); }) == "invalid_bit_width");
}
