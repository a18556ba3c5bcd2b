#include <kvt/scaling/gradient_norm.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("the norm is Euclid's, whatever the executor") {
    exec::inline_executor const here{};
    std::vector<double> const small{3, 4, 12};
    CHECK(gradient_norm<double>(small, here) == 13);
    CHECK(gradient_norm<double>({}, here) == 0);
    std::vector<float> many(100'003);
    double squares = 0;
    for (std::size_t i = 0; i < many.size(); ++i) {
        many[i] = static_cast<float>(i % 17) - 8.25F;
        squares += static_cast<double>(many[i]) * static_cast<double>(many[i]);
    }
    double const alone = gradient_norm<float>(many, here);
    CHECK(alone == doctest::Approx(std::sqrt(squares)).epsilon(1e-12));
    exec::thread_executor const three{3};
    CHECK(gradient_norm<float>(many, three) == alone);
}

TEST_CASE("clipping shortens what is longer, and only that") {
    CHECK(clipping_factor(0.5, 1) == 1);
    CHECK(clipping_factor(4, 1) == doctest::Approx(0.25));
    CHECK(clipping_factor(0, 1) == 1);
    CHECK(clipping_factor(1e9, std::numeric_limits<double>::infinity()) == 1);
}
