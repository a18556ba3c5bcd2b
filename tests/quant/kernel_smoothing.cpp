#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/kernel_smoothing.hpp>

#include <algorithm>
#include <limits>

namespace quant = kvt::quant;
using quant::interpolation;
using quant::smoothing_guard;

namespace {

// A policy with a random method and window.
quant::kernel_smoothing some_smoothing(kvt::random_stream& stream, smoothing_guard guard) {
    return {.method = static_cast<interpolation>(stream.below(3)),
            .window = static_cast<std::int64_t>(1 + stream.below(20)),
            .guard = guard};
}

}  // namespace

TEST_CASE("means over neighbours, by hand") {
    std::vector<double> const x{0, 3, 0, 6};
    auto const m = quant::kernel_means(x, interpolation::linear, 1);  // weights 1/2, 1, 1/2
    CHECK(m[0] == doctest::Approx(1));
    CHECK(m[1] == doctest::Approx(1.5));
    CHECK(m[2] == doctest::Approx(2.25));
    CHECK(m[3] == doctest::Approx(4));
    CHECK(quant::kernel_means({}, interpolation::cubic, 3).empty());
    CHECK(quant::kernel_means(std::vector{5.0}, interpolation::cubic, 3) == std::vector{5.0});
}

TEST_CASE("a thousand sequences: equal stays equal, inside the hull, mirrored for the mirrored") {
    kvt::random_stream stream{9, "kernel"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const ranges = sequences::some_ranges(stream, 1 + stream.below(30));
        auto const method = static_cast<interpolation>(stream.below(3));
        auto const window = static_cast<std::int64_t>(1 + stream.below(20));
        std::vector<double> x;
        for (auto const r : ranges) x.push_back(r.lo);
        auto const m = quant::kernel_means(x, method, window);
        auto const [least, most] = std::ranges::minmax(x);
        double const slack = 1e-12 * (std::abs(least) + std::abs(most));
        for (double const v : m) {
            REQUIRE(v >= least - slack);
            REQUIRE(v <= most + slack);
        }
        auto back = x;
        std::ranges::reverse(back);
        auto mirrored = quant::kernel_means(back, method, window);
        std::ranges::reverse(mirrored);
        REQUIRE(mirrored == m);  // to the bit
        std::vector<double> const same(x.size(), x[0]);
        REQUIRE(quant::kernel_means(same, method, window) == same);
    }
}

TEST_CASE("a thousand tensors: covering ranges clip nothing and grow within the budget") {
    kvt::random_stream stream{10, "kernel"};
    int grown = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = tensors::some_tensor(stream);
        auto const start = quant::min_max(t.view());
        auto rule = some_smoothing(stream, smoothing_guard::cover);
        rule.budget = stream.below(4) == 0 ? 0 : stream.unit();
        auto const found = rule(t.view(), start);
        grown += found.changed ? 1 : 0;
        for (std::size_t g = 0; g < start.size(); ++g) {
            REQUIRE(found.ranges[g].lo <= start[g].lo);
            REQUIRE(found.ranges[g].hi >= start[g].hi);
            REQUIRE(found.ranges[g].width() <= (1 + *rule.budget) * start[g].width() * (1 + 1e-12));
        }
        REQUIRE(found.bounded_after >= found.bounded_before);
    }
    CHECK(grown > 100);
}

TEST_CASE("a thousand tensors: no group's stored error rises by more than the budget, whatever judged it") {
    kvt::random_stream stream{11, "kernel"};
    int moved = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = round % 3 == 0 ? tensors::off_centre_tensor(stream) : tensors::some_tensor(stream);
        auto const start = quant::min_max(t.view());
        auto rule = some_smoothing(stream, smoothing_guard::mse);
        rule.evaluate = round % 2 == 0 ? quant::evaluation::exact : quant::evaluation::histogram;
        rule.bins = round % 4 == 1 ? 5 : 0;
        rule.budget = stream.below(4) == 0 ? 0 : 0.1 * stream.unit();
        auto const found = rule(t.view(), start);
        moved += found.changed ? 1 : 0;
        for (std::size_t g = 0; g < start.size(); ++g) {
            double const before = tensors::stored_mse(t.view(), g, start[g]);
            double const after = tensors::stored_mse(t.view(), g, found.ranges[g]);
            REQUIRE(after <= (1 + *rule.budget) * before * (1 + 1e-9));
            REQUIRE(found.mse_before[g] == doctest::Approx(before).epsilon(1e-9));
            REQUIRE(found.mse_after[g] == doctest::Approx(after).epsilon(1e-9));
        }
        REQUIRE(found.bounded_after >= found.bounded_before);
        REQUIRE((found.changed || !found.note.empty()));
    }
    CHECK(moved > 100);
}

TEST_CASE("with the past alone: means by hand, and no group knows a later one") {
    std::vector<double> const x{0, 3, 0, 6};
    auto const m = quant::kernel_means(x, interpolation::linear, 1, quant::kernel_side::past);  // weights 1/2, 1
    CHECK(m[0] == 0);
    CHECK(m[1] == doctest::Approx(2));
    CHECK(m[2] == doctest::Approx(1));
    CHECK(m[3] == doctest::Approx(4));
    kvt::random_stream stream{12, "kernel"};
    int moved = 0;
    for (int round = 0; round < 600; ++round) {
        CAPTURE(round);
        auto const t = round % 3 == 0 ? tensors::off_centre_tensor(stream) : tensors::some_tensor(stream);
        auto rule = some_smoothing(stream, static_cast<smoothing_guard>(round % 3));
        rule.neighbours = quant::kernel_side::past;
        auto const start = quant::min_max(t.view());
        auto const found = rule(t.view(), start);
        moved += found.changed ? 1 : 0;
        REQUIRE((found.improved || !found.note.empty()));
        for (std::size_t groups = 1; groups <= start.size(); ++groups) {
            tensors::tensor const first{
                {t.values.begin(), t.values.begin() + static_cast<std::ptrdiff_t>(t.bounds[groups])},
                {t.bounds.begin(), t.bounds.begin() + static_cast<std::ptrdiff_t>(groups + 1)},
                t.bits,
                t.parameter_bytes};
            auto const known = rule(first.view(), {start.data(), groups});
            for (std::size_t g = 0; g < groups; ++g) REQUIRE(known.ranges[g] == found.ranges[g]);
        }
    }
    CHECK(moved > 300);
}

TEST_CASE("where smoothing is no gain the start comes back, and says so") {
    tensors::tensor const t{{-1, 1, -1, 1}, {0, 2, 4}, 4};
    auto const start = quant::min_max(t.view());
    for (auto const guard : {smoothing_guard::none, smoothing_guard::cover, smoothing_guard::mse}) {
        auto const found = quant::kernel_smoothing{.guard = guard}(t.view(), start);
        CHECK_FALSE(found.changed);
        CHECK_FALSE(found.improved);
        CHECK_FALSE(found.note.empty());
    }
}

TEST_CASE("parameters that no smoothing has") {
    using quant::fault;
    auto const refused = [](quant::kernel_smoothing const& p) { return tensors::refusal([&] { p.check(); }); };
    CHECK(refused({.window = 0}) == fault::invalid_window_size);
    CHECK(refused({.window = 21}) == fault::invalid_window_size);
    CHECK(refused({.budget = -0.1}) == fault::invalid_weight);
    CHECK(refused({.budget = std::numeric_limits<double>::infinity()}) == fault::invalid_weight);
    CHECK(refused({.bins = -1}) == fault::invalid_group_size);
    CHECK(refused({.sample = -1}) == fault::invalid_group_size);
    tensors::tensor const hole{{1, std::numeric_limits<float>::quiet_NaN(), 0, 2}, {0, 2, 4}, 4};
    std::vector<quant::value_range> const start{{0, 1}, {0, 2}};
    CHECK(tensors::refusal([&] { (void)quant::kernel_smoothing{}(hole.view(), start); }) == fault::non_finite_input);
}
