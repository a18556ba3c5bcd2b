#include "gradient_check.hpp"

#include <kvt/scaling/cross_entropy.hpp>

#include <cstdint>

using namespace kvt::scaling;
using gradient_check::noise;

namespace {

struct judged {
    std::vector<float> losses;
    std::vector<std::uint8_t> hits;
    explicit judged(std::size_t rows) : losses(rows, -1), hits(rows, 9) {}
};

}  // namespace

TEST_CASE("equal logits cost the logarithm of their number") {
    std::vector<float> logits(3 * 61, 0.5F);
    std::vector<std::int32_t> const targets{0, 60, 5};
    std::vector<double> const weights{0.5, 0.25, 0.25};
    judged out{3};
    CHECK(cross_entropy<float>{61}.forward(logits, targets, weights, out.losses, out.hits) ==
          doctest::Approx(std::log(61)));
    CHECK(out.hits == std::vector<std::uint8_t>{1, 0, 0});  // of equals the first
}

TEST_CASE("large logits do not overflow, and rows that are not asked cost nothing") {
    std::vector<double> logits{1000, 0, -1000, 5, 6, 7};
    std::vector<std::int32_t> const targets{1, -100};
    std::vector<double> const weights{1, 0};
    judged out{2};
    CHECK(cross_entropy<double>{3}.forward(logits, targets, weights, out.losses, out.hits) == doctest::Approx(1000));
    CHECK(out.losses[1] == 0);
    CHECK(cross_entropy<double>{3}.backward(logits, targets, weights, out.losses, out.hits) == doctest::Approx(1000));
    CHECK(logits == std::vector<double>{1, -1, 0, 0, 0, 0});
}

TEST_CASE("the gradients are the derivatives, and both ways cost the same") {
    constexpr std::size_t rows = 6, classes = 21;
    auto logits = noise(rows * classes, "logits", 3);
    std::vector<std::int32_t> const targets{3, 20, 0, -100, 7, 7};
    std::vector<double> const weights{0.3, 0.2, 1, 0, 0.1, 0};
    judged plain{rows}, both{rows};
    auto const loss = [&] {
        return cross_entropy<double>{classes}.forward(logits, targets, weights, plain.losses, plain.hits);
    };
    auto d_logits = logits;
    double const sum = cross_entropy<double>{classes}.backward(d_logits, targets, weights, both.losses, both.hits);
    CHECK(sum == doctest::Approx(loss()).epsilon(1e-14));
    CHECK(plain.losses == both.losses);
    CHECK(plain.hits == both.hits);
    gradient_check::agree(logits, d_logits, loss);
}

TEST_CASE("a hit is the highest logit, found on both ways") {
    std::vector<float> logits{1, 3, 2, /**/ 3, 1, 3, /**/ 0, 0, 9};
    std::vector<std::int32_t> const targets{1, 2, 2};
    std::vector<double> const weights{1, 1, 1};
    judged plain{3}, both{3};
    (void)cross_entropy<float>{3}.forward(logits, targets, weights, plain.losses, plain.hits);
    (void)cross_entropy<float>{3}.backward(logits, targets, weights, both.losses, both.hits);
    CHECK(plain.hits == std::vector<std::uint8_t>{1, 0, 1});
    CHECK(both.hits == plain.hits);
}
