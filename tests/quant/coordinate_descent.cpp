#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/coordinate_descent.hpp>

#include <algorithm>
#include <limits>

namespace quant = kvt::quant;
using quant::evaluation;

namespace {

// D: the mean squared error over all values, with parameters as they are stored.
double error_of(quant::grouped_values const& t, std::span<quant::value_range const> ranges) {
    double sum = 0;
    for (std::size_t g = 0; g < ranges.size(); ++g)
        sum += tensors::stored_mse(t, g, ranges[g]) * static_cast<double>(t.group(g).size());
    return sum / static_cast<double>(t.values.size());
}

}  // namespace

TEST_CASE("unevenness by hand") {
    std::vector<quant::value_range> const ranges{{0, 1}, {1, 3}, {1, 3}};
    CHECK(quant::range_unevenness(ranges) == doctest::Approx((std::log(2) * std::log(2) + 0.25) / 2));
    CHECK(quant::range_unevenness({ranges.data(), 1}) == 0);
    CHECK(quant::range_unevenness({}) == 0);
}

TEST_CASE("a thousand tensors: the objective never rises and bounds the error, without lambda the error never rises") {
    kvt::random_stream stream{16, "descent"};
    int changed = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const t = round % 3 == 0 ? tensors::off_centre_tensor(stream) : tensors::some_tensor(stream);
        auto const view = t.view();
        auto const start = quant::min_max(view);
        quant::coordinate_descent const rule{.lambda = std::array{0.0, 0.3, 1.0, 5.0}[stream.below(4)],
                                             .max_sweeps = static_cast<std::int64_t>(1 + stream.below(6)),
                                             .markov_weight = stream.below(3) == 0 ? 0.5 : 0,
                                             .evaluate = round % 2 == 0 ? evaluation::exact : evaluation::histogram,
                                             .bins = round % 4 == 1 ? 4 : 0,
                                             .sample = round % 8 == 1 ? 7 : 0};
        auto const found = rule(view, start);
        changed += found.changed ? 1 : 0;
        if (std::ranges::any_of(start, [](quant::value_range r) { return r.degenerate(); })) {
            REQUIRE_FALSE(found.changed);
            continue;
        }
        for (std::size_t i = 1; i < found.objective.size(); ++i)
            REQUIRE(found.objective[i] <= found.objective[i - 1] * (1 + 1e-12));
        REQUIRE(std::ssize(found.objective) == (found.objective.empty() ? 0 : found.sweeps + 1));
        double const before = error_of(view, start), after = error_of(view, found.ranges);
        if (rule.markov_weight == 0) {
            double const limit = before * (1 + rule.lambda * quant::range_unevenness(start));
            REQUIRE(after <= limit * (1 + 1e-9));
            if (rule.lambda == 0) REQUIRE(after <= before * (1 + 1e-9));
        }
        if (before > 0) {
            double const old_objective =
                1 + rule.lambda * quant::range_unevenness(start) + rule.markov_weight * *found.markov_before;
            double const objective = after / before + rule.lambda * quant::range_unevenness(found.ranges) +
                                     rule.markov_weight * *found.markov_after;
            REQUIRE(objective <= old_objective * (1 + 1e-9));
            if (rule.evaluate == evaluation::exact) REQUIRE(objective == doctest::Approx(found.objective.back()));
        }
        REQUIRE(found.changed == found.note.empty());
    }
    CHECK(changed > 500);
}

TEST_CASE("the start is known") {
    kvt::random_stream stream{17, "descent"};
    auto const t = tensors::some_tensor(stream);
    auto const start = quant::min_max(t.view());
    auto const found = quant::coordinate_descent{.lambda = 0.7, .evaluate = evaluation::exact}(t.view(), start);
    CHECK(found.objective.front() == doctest::Approx(1 + 0.7 * quant::range_unevenness(start)));
    CHECK(found.markov_before.has_value());
}

TEST_CASE("tensors that cannot be optimized are left alone") {
    tensors::tensor const flat{{2, 2, 3, 5}, {0, 2, 4}, 4}, exact{{0, 1, 2, 3, 0, 3}, {0, 4, 6}, 2};
    for (auto const& t : {flat, exact}) {
        auto const start = quant::min_max(t.view());
        for (auto const how : {evaluation::exact, evaluation::histogram, evaluation::estimate}) {
            auto const found = quant::coordinate_descent{.evaluate = how}(t.view(), start);
            CHECK_FALSE(found.changed);
            CHECK_FALSE(found.note.empty());
        }
    }
}

TEST_CASE("parameters that no descent has") {
    using quant::fault;
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const refused = [](quant::coordinate_descent const& p) { return tensors::refusal([&] { p.check(); }); };
    CHECK(refused({.lambda = -1}) == fault::invalid_weight);
    CHECK(refused({.lambda = nan}) == fault::invalid_weight);
    CHECK(refused({.markov_weight = -1}) == fault::invalid_weight);
    CHECK(refused({.max_sweeps = 0}) == fault::invalid_max_iterations);
    CHECK(refused({.schedule = {.start = 2}}) == fault::invalid_beta_schedule);
    CHECK(refused({.bins = -1}) == fault::invalid_group_size);
}
