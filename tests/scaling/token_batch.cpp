#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <limits>
#include <string>

using namespace kvt::scaling;

namespace {

std::string refusal(token_batch const& b) {
    try {
        (void)checked_weights(b, 10);
    } catch (kvt::error const& e) {
        return e.what();
    }
    return {};
}

}  // namespace

TEST_CASE("each position predicts the next label of its sequence") {
    auto const b = next_token_batch(std::vector<std::int32_t>{1, 2, 3, 4, 5, 6},
                                    std::vector<std::int32_t>{1, 2, -100, 4, 5, 6}, 3);
    CHECK(b.sequences() == 2);
    CHECK(b.targets == std::vector<std::int32_t>{2, -100, -100, 5, 6, -100});
    CHECK(checked_weights(b, 10)[0] == doctest::Approx(1.0 / 3));
    CHECK(checked_weights(b, 10)[1] == 0);
    CHECK_THROWS_AS((void)next_token_batch(std::vector<std::int32_t>{1, 2, 3}, std::vector<std::int32_t>{1, 2, 3}, 2),
                    kvt::error);
}

TEST_CASE("weights stand as they are given") {
    token_batch const b{.length = 2, .ids = {1, 2, 3, 4}, .targets = {2, -100, 4, 5}, .weights = {0.5F, 9, 0, 0.25F}};
    CHECK(checked_weights(b, 10) == std::vector<double>{0.5, 0, 0, 0.25});
}

TEST_CASE("a batch that asks for nothing or for what is not there is refused") {
    token_batch const good{.length = 2, .ids = {1, 2}, .targets = {2, -100}};
    CHECK(refusal(good).empty());
    auto b = good;
    b.targets[0] = ignored_label;
    CHECK(refusal(b).find("no position has a target") != std::string::npos);
    b = next_token_batch(std::vector<std::int32_t>{1, 2}, std::vector<std::int32_t>{1, 2}, 1);
    CHECK(refusal(b).find("no position has a target") != std::string::npos);
    b = good, b.ids[1] = 10;
    CHECK(refusal(b) == "batch: id 10 at 1; expected 0 to 9");
    b = good, b.targets[1] = -3;
    CHECK(refusal(b).find("target -3 at 1") != std::string::npos);
    b = good, b.length = 3;
    CHECK(refusal(b).find("make no sequences of 3") != std::string::npos);
    b = good, b.weights = {1};
    CHECK_FALSE(refusal(b).empty());
    b = good, b.weights = {std::numeric_limits<float>::infinity(), 0};
    CHECK(refusal(b).find("weight at 0") != std::string::npos);
    b = good, b.weights = {0, 1};
    CHECK(refusal(b).find("no position has a target") != std::string::npos);
}
