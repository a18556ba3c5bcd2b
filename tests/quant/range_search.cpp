#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/range_search.hpp>

namespace quant = kvt::quant;

TEST_CASE("a thousand tensors: no group's stored error rises, whatever judged it, and middles stay") {
    kvt::random_stream stream{13, "range search"};
    int lower = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = round % 3 == 0 ? tensors::off_centre_tensor(stream) : tensors::some_tensor(stream);
        auto const start = quant::min_max(t.view());
        quant::range_search const rule{.evaluate =
                                           round % 2 == 0 ? quant::evaluation::exact : quant::evaluation::histogram,
                                       .bins = round % 4 == 1 ? 3 : 0,
                                       .sample = round % 8 == 1 ? 5 : 0};
        auto const found = rule(t.view(), start);
        for (std::size_t g = 0; g < start.size(); ++g) {
            double const before = tensors::stored_mse(t.view(), g, start[g]);
            double const after = tensors::stored_mse(t.view(), g, found.ranges[g]);
            REQUIRE(after <= before * (1 + 1e-9));
            REQUIRE(found.mse_after[g] == doctest::Approx(after).epsilon(1e-9));
            REQUIRE(found.ranges[g].lo + found.ranges[g].hi ==
                    doctest::Approx(start[g].lo + start[g].hi).epsilon(1e-9));
            lower += after < before ? 1 : 0;
        }
        REQUIRE(found.changed == found.note.empty());
    }
    CHECK(lower > 1000);
}

TEST_CASE("normal values at two bits: the range shrinks to about one and a half deviations") {
    kvt::random_stream stream{14, "range search"};
    tensors::tensor t{std::vector<float>(20'000), {0, 20'000}, 2};
    for (auto& v : t.values) v = static_cast<float>(tensors::bell(stream));
    auto const start = quant::min_max(t.view());
    for (auto const how : {quant::evaluation::exact, quant::evaluation::histogram, quant::evaluation::estimate}) {
        auto const found = quant::range_search{.evaluate = how}(t.view(), start);
        CHECK(found.ranges[0].width() / 2 == doctest::Approx(1.5).epsilon(0.06));
        CHECK(found.mse_after[0] == doctest::Approx(0.1188).epsilon(0.03));  // Max's uniform quantizer, 1960
    }
}
