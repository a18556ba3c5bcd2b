#include "faults.hpp"
#include "models.hpp"
#include "tensors.hpp"

#include <kvt/core/json.hpp>
#include <kvt/quant/comparison.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/range_search.hpp>
#include <kvt/quant/suites.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

namespace {

std::vector<split_tensor> one_suite(suite_kind kind) {
    auto const drawn = draw_suite(kind, 3);
    return {split_tensor::of("s", drawn.view(8))};
}

}  // namespace

TEST_CASE("halves share nothing and together are the tensor") {
    auto const drawn = draw_suite(suite_kind::ramp, 1, 5);
    auto const halves = split_tensor::of("s", drawn.view(8));
    CHECK(halves.fitted.values.size() + halves.held_out.values.size() == drawn.values.size());
    CHECK(halves.fitted.values[0] == drawn.values[0]);
    CHECK(halves.held_out.values[0] == drawn.values[1]);
    CHECK(halves.fitted.values[1] == drawn.values[2]);
}

TEST_CASE("policies are judged on what they did not see") {
    auto const tensors = one_suite(suite_kind::irregular);
    min_max_ranges const plain;
    range_search const search{.evaluate = evaluation::exact};
    coordinate_descent const descent{.evaluate = evaluation::exact};
    auto const a = try_policy(tensors, {"plain", plain}, 2), b = try_policy(tensors, {"search", search}, 2),
               c = try_policy(tensors, {"descent", descent}, 2);
    CHECK(a.policy == "plain");
    CHECK(b.mse < a.mse);  // what a range search is for
    CHECK(b.held_out_cosine > a.held_out_cosine);
    CHECK(c.smoothness_score_bounded > b.smoothness_score_bounded);
    CHECK(c.mse > b.mse);  // and what smoothness costs
    CHECK(b.held_out_mse < a.held_out_mse);
    CHECK(kvt::dump(kvt::to_json(a)) == kvt::dump(kvt::to_json(try_policy(tensors, {"plain", plain}, 2))));
    CHECK(fault_of([&] { (void)try_policy(tensors, {"plain", plain}, 5); }) == "invalid_bit_width");
}

namespace {

// As slow as ten looks at every value.
struct slow_ranges {
    [[maybe_unused]] static constexpr std::string_view name = "slow";
    refined operator()(grouped_values const& tensor, std::span<value_range const> start) const {
        auto out = start_from(tensor, start);
        for (int i = 0; i < 10; ++i) out.ranges = min_max(tensor);
        return out;
    }
};

}  // namespace

TEST_CASE("errors are those of parameters as they are stored") {
    kvt::random_stream stream{21, "comparison"};
    range_search const search{.evaluate = evaluation::exact};
    min_max_ranges const plain;
    for (int round = 0; round < 100; ++round) {
        CAPTURE(round);
        auto const far = tensors::off_centre_tensor(stream);
        std::vector<split_tensor> const one{split_tensor::of("s", far.view())};
        auto const fitted = one[0].fitted.view(4, 4);
        double noise = 0;
        auto const ranges = min_max(fitted);
        for (std::size_t g = 0; g < ranges.size(); ++g)
            noise += tensors::stored_mse(fitted, g, ranges[g]) * static_cast<double>(fitted.group(g).size());
        auto const before = try_policy(one, {"plain", plain}, 4), after = try_policy(one, {"search", search}, 4);
        REQUIRE(before.mse == doctest::Approx(noise / static_cast<double>(fitted.values.size())).epsilon(1e-9));
        REQUIRE(after.mse <= before.mse * (1 + 1e-9));
    }
}

TEST_CASE("overheads of policies that do work are above those that do none, and few turns are refused") {
    auto const tensors = one_suite(suite_kind::ramp);
    min_max_ranges const plain;
    slow_ranges const slow;
    named_policy const policies[]{{"plain", plain}, {"slow", slow}};
    auto const found = overheads_of(tensors, policies, 2, 20);
    REQUIRE(found.size() == 2);
    CHECK(found[1] > found[0]);
    CHECK_THROWS_AS((void)overheads_of(tensors, policies, 2, 19), kvt::error);
}

TEST_CASE("a model's tensors that can be halved, or a refusal") {
    scratch_folder folder;
    auto const tensors = split_model(open_model(sample_model(folder)), 4);
    REQUIRE(tensors.size() == 2);
    CHECK(tensors[0].name == "a");
    CHECK(tensors[0].fitted.values.size() == 48);
    CHECK(fault_of([&] { (void)split_model(open_model(folder / "model.safetensors"), 100).size(); }) == "");
    kvt::tensor::dense_set small;
    small.put("x", {3}, {1, 2, 3});
    auto const path = folder.file("small.safetensors", kvt::tensor::safetensors_bytes(small));
    CHECK(fault_of([&] { (void)split_model(open_model(path), 4); }) == "no_quantizable_tensors");
}
