#include "gradient_check.hpp"

#include <kvt/core/error.hpp>
#include <kvt/scaling/layer_kernels.hpp>

#include <limits>

using namespace kvt::scaling;

namespace {

template <class Real> std::vector<Real> values(std::size_t count, std::string_view label, double size) {
    auto const noise = gradient_check::noise(count, label, size);
    return {noise.begin(), noise.end()};
}

template <class Real> void check_softmax(layer_kernels<Real> const& k, double slack) {
    for (std::size_t const count : {1U, 3U, 16U, 37U, 100U}) {
        auto row = values<Real>(count, "row", 30);
        double sum = 0;
        std::vector<double> expected;
        for (Real v : row) sum += std::exp(static_cast<double>(v));
        for (Real v : row) expected.push_back(std::exp(static_cast<double>(v)) / sum);
        row.push_back(7);  // one more column, unseen
        Real log_sum = 0;
        k.softmax({1, count - 1, count + 1, row.data(), count + 1}, &log_sum);
        REQUIRE(static_cast<double>(log_sum) == doctest::Approx(std::log(sum)).epsilon(slack));
        for (std::size_t j = 0; j < count; ++j)
            REQUIRE(std::abs(static_cast<double>(row[j]) - expected[j]) <= 30 * slack * expected[j] + 1e-37);
        REQUIRE(row.back() == 0);
    }
}

template <class Real> void check_sums(layer_kernels<Real> const& k, double slack) {
    for (std::size_t const count : {0U, 1U, 15U, 16U, 70U}) {
        auto const a = values<Real>(count, "a", 1), b = values<Real>(count, "b", 1);
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        REQUIRE(std::abs(static_cast<double>(k.dot(a.data(), b.data(), count)) - sum) <= 10 * slack);
        auto to = b;
        to.push_back(5);
        k.add(a.data(), count, to.data());
        for (std::size_t i = 0; i < count; ++i) REQUIRE(to[i] == a[i] + b[i]);
        REQUIRE(to.back() == 5);
    }
}

}  // namespace

TEST_CASE("every instruction set computes the same within rounding") {
    for (auto const set : kvt::usable_instruction_sets()) {
        INFO(kvt::name_of(set));
        check_softmax(layer_kernels_of<float>(set), 1e-6);
        check_softmax(layer_kernels_of<double>(set), 1e-14);
        check_sums(layer_kernels_of<float>(set), 1e-6);
        check_sums(layer_kernels_of<double>(set), 1e-15);
    }
}

TEST_CASE("gates of any size pass through every instruction set") {
    std::vector<double> const gates{-1e4, -800, -90, -30, -1, 0, 1e-3, 2, 40, 90, 800, 1e4};
    for (auto const set : kvt::usable_instruction_sets()) {
        std::vector<double> const up(gates.size(), 1);
        std::vector<double> out(gates.size());
        layer_kernels_of<double>(set).swiglu(gates.data(), up.data(), gates.size(), out.data());
        for (std::size_t i = 0; i < gates.size(); ++i) {
            double const expected = gates[i] < -700 ? 0 : gates[i] / (1 + std::exp(-gates[i]));
            REQUIRE(std::abs(out[i] - expected) <= 1e-14 * std::abs(expected) + 1e-300);
        }
    }
}
