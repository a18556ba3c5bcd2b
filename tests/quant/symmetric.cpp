#include <kvt/core/random.hpp>
#include <kvt/quant/symmetric.hpp>
#include <laws/quantizer.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

static_assert(quantizer<symmetric>);

TEST_CASE("symmetric keeps the laws, and holds zero exactly") {
    kvt::random_stream stream{14, "symmetric"};
    for (int round = 0; round < 1000; ++round) {
        std::vector<float> values(1 + stream.below(40));
        for (auto& v : values) v = static_cast<float>((stream.unit() - 0.3) * 7);
        symmetric const q{2 << stream.below(3)};
        laws::quantizer(q, values);
        auto const p = q.parameters(scan(values).range());
        REQUIRE(p.decode(q.grid().encode(p, 0)) == 0);
    }
}

TEST_CASE("a mirrored range has the same parameters, and zeros have scale 0") {
    symmetric const q{4};
    CHECK(q.parameters({-2, 1}).scale == q.parameters({-1, 2}).scale);
    CHECK(q.parameters({0, 0}).scale == 0);
    CHECK(q.grid().encode(q.parameters({0, 0}), 0) == 0);
    CHECK(symmetric{2}.parameters({-1.5, 0}).scale == 1.5);
}
