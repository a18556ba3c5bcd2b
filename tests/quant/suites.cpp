#include "quant/tensors.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/range_policies.hpp>
#include <kvt/quant/smoothness.hpp>
#include <kvt/quant/suites.hpp>
#include <kvt/quant/transition.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace quant = kvt::quant;
using quant::evaluation;
using quant::suite_kind;

namespace {

constexpr std::array kinds{suite_kind::ramp, suite_kind::irregular, suite_kind::near_constant};

struct outcome {
    double headline = 0, cosine = 0, mse = 0;
};

// What ranges do to a tensor at its width.
outcome judge(quant::grouped_values const& t, std::span<quant::value_range const> ranges) {
    double both = 0, original = 0, reconstructed = 0, squares = 0;
    for (std::size_t g = 0; g < t.groups(); ++g) {
        auto const a = quant::affine::over(ranges[g], t.bits);
        for (double const x : t.group(g)) {
            double const y = a.decode(a.encode(x, quant::top_code(t.bits)));
            both += x * y, original += x * x, reconstructed += y * y, squares += (x - y) * (x - y);
        }
    }
    return {quant::headline{}(ranges, t.bits).score, both / std::sqrt(original * reconstructed),
            squares / static_cast<double>(t.values.size())};
}

// Fitted and judged on all values, for five seeds.
template <class Policy, class Check> void every_seed(suite_kind kind, int bits, Policy const& policy, Check check) {
    for (int seed = 1; seed <= 5; ++seed) {
        auto const data = quant::draw_suite(kind, seed);
        auto const t = data.view(bits);
        auto const start = quant::min_max(t);
        CAPTURE(seed);
        CAPTURE(bits);
        CAPTURE(kvt::name_of(kind));
        check(judge(t, start), judge(t, policy(t, start).ranges));
    }
}

}  // namespace

TEST_CASE("a suite is what it says, and the same every time") {
    for (auto const kind : kinds) {
        auto const data = quant::draw_suite(kind, 7), again = quant::draw_suite(kind, 7),
                   other = quant::draw_suite(kind, 8);
        CHECK(data.values == again.values);
        CHECK(data.values != other.values);
        auto const groups = quant::groups_of(kind);
        auto const t = data.view(2);
        REQUIRE(t.groups() == groups.size());
        for (std::size_t g = 0; g < groups.size(); ++g) {
            auto const found = quant::gaussian_of(t.group(g));
            CHECK(std::abs(found.mean - groups[g].mean) < 4 * groups[g].deviation / std::sqrt(2048));
            CHECK(found.deviation == doctest::Approx(groups[g].deviation).epsilon(0.07));
        }
    }
    CHECK(tensors::refusal([] { (void)quant::draw_suite(suite_kind::ramp, 1, 0); }) == quant::fault::empty_input);
}

TEST_CASE("halves hold every other value of each group") {
    tensors::tensor const t{{1, 2, 3, 4, 5, 9}, {0, 5, 6}, 2};
    auto const even = quant::half_of(t.view(), quant::half::even), odd = quant::half_of(t.view(), quant::half::odd);
    CHECK(even.values == std::vector<float>{1, 3, 5, 9});
    CHECK(even.bounds == std::vector<std::size_t>{0, 3, 4});
    CHECK(odd.values == std::vector<float>{2, 4, 9});  // a group of one value is in both
    CHECK(odd.bounds == std::vector<std::size_t>{0, 2, 3});
}

TEST_CASE("guards hold on every suite, seed and width") {
    for (auto const kind : kinds)
        for (int const bits : {2, 4, 8}) {
            every_seed(kind, bits, quant::kernel_smoothing{},
                       [](outcome before, outcome after) { CHECK(after.mse <= before.mse * 1.01 * (1 + 1e-12)); });
            every_seed(kind, bits, quant::range_search{},
                       [](outcome before, outcome after) { CHECK(after.mse <= before.mse * (1 + 1e-12)); });
            every_seed(kind, bits, quant::coordinate_descent{.lambda = 0},
                       [](outcome before, outcome after) { CHECK(after.mse <= before.mse * (1 + 1e-12)); });
        }
}

TEST_CASE("at two bits accuracy comes from better ranges, not from smoothness") {
    for (auto const kind : {suite_kind::ramp, suite_kind::irregular}) {
        std::vector<double> searched, smoothed;
        every_seed(kind, 2, quant::range_search{}, [&](outcome before, outcome after) {
            searched.push_back(after.cosine);
            CHECK(after.cosine > before.cosine + 0.07);
            CHECK(after.headline < before.headline + 0.03);
        });
        every_seed(kind, 2, quant::kernel_smoothing{.window = 2}, [&](outcome before, outcome after) {
            smoothed.push_back(after.cosine);
            CHECK(after.headline > before.headline);
        });
        for (std::size_t i = 0; i < searched.size(); ++i) CHECK(searched[i] > smoothed[i] + 0.03);
    }
}

namespace {

// The penalty of jumps (markov-smoothness 6.5).
double penalty(std::span<quant::value_range const> ranges) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < ranges.size(); ++i) {
        auto const a = ranges[i], b = ranges[i + 1];
        double const ratio = std::log(b.width() / a.width()), shift = (b.lo - a.lo) / std::max(a.width(), b.width());
        sum += ratio * ratio + shift * shift;
    }
    return sum / static_cast<double>(ranges.size() - 1);
}

}  // namespace

TEST_CASE("the error that smoothness may cost is bounded by the jumps there were, whatever its weight") {
    for (auto const kind : kinds)
        for (double const lambda : {0.0, 0.3, 1.0, 3.0})
            for (int seed = 1; seed <= 5; ++seed)
                for (int const bits : {2, 4, 8}) {
                    auto const data = quant::draw_suite(kind, seed);
                    auto const t = data.view(bits);
                    auto const start = quant::min_max(t);
                    auto const ranges = quant::coordinate_descent{.lambda = lambda}(t, start).ranges;
                    double const jumps = penalty(start), error = judge(t, start).mse, after = judge(t, ranges).mse;
                    CAPTURE(seed);
                    CAPTURE(bits);
                    CAPTURE(lambda);
                    CAPTURE(kvt::name_of(kind));
                    CHECK(after <= error * (1 + lambda * jumps) * (1 + 1e-9));
                    // J = D/D0 + lambda P never rises
                    CHECK(after / error + lambda * penalty(ranges) <= (1 + lambda * jumps) * (1 + 1e-9));
                }
}

TEST_CASE("once ranges are good, smoothness costs accuracy") {
    for (auto const kind : {suite_kind::ramp, suite_kind::irregular}) {
        std::vector<outcome> free;
        every_seed(kind, 2, quant::coordinate_descent{.lambda = 0},
                   [&](outcome, outcome after) { free.push_back(after); });
        std::size_t i = 0;
        every_seed(kind, 2, quant::coordinate_descent{.lambda = 1}, [&](outcome, outcome after) {
            CHECK(after.headline > free[i].headline);
            CHECK(after.cosine < free[i].cosine);
            CHECK(after.mse > free[i].mse);
            ++i;
        });
    }
}

TEST_CASE("the published smoother ruins eight bits") {
    every_seed(suite_kind::ramp, 8, quant::sequential_smoothing{}, [](outcome before, outcome after) {
        CHECK(after.headline > 0.99);
        CHECK(after.mse > 100 * before.mse);
    });
}

TEST_CASE("histograms lead to ranges about as good as the values do") {
    for (int const bits : {2, 4, 8})
        for (auto const kind : kinds) {
            std::vector<double> exact;
            every_seed(kind, bits, quant::coordinate_descent{.lambda = 0, .evaluate = evaluation::exact},
                       [&](outcome, outcome after) { exact.push_back(after.mse); });
            std::size_t i = 0;
            every_seed(kind, bits, quant::coordinate_descent{.lambda = 0},
                       [&](outcome, outcome after) { CHECK(after.mse <= 1.01 * exact[i++]); });
        }
}
