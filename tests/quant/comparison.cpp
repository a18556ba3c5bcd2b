#include "faults.hpp"
#include "models.hpp"
#include "tensors.hpp"

#include <kvt/core/json.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/quant/comparison.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/range_search.hpp>
#include <kvt/quant/suites.hpp>
#include <kvt/quant/time_groups.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>

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
    auto const make = [&](std::size_t i) { return std::optional{tensors[i]}; };
    min_max_ranges const plain;
    slow_ranges const slow;
    named_policy const policies[]{{"plain", plain}, {"slow", slow}};
    std::int32_t const widths[]{2, 8};
    tensor_stream const stream{"suite", 1, make};
    auto const found = overheads_of(silent(), stream, {policies, widths}, 20);
    CHECK(found.values == static_cast<std::int64_t>(tensors[0].fitted.values.size()));
    REQUIRE(found.shares.size() == 2);
    for (auto const& of_width : found.shares) {
        REQUIRE(of_width.size() == 2);
        CHECK(of_width[1] > of_width[0]);
    }
    CHECK_THROWS_AS((void)overheads_of(silent(), stream, {policies, widths}, 19), kvt::error);
}

TEST_CASE("a model's tensors are halved one at a time, as the whole would be; others are left out") {
    scratch_folder folder;
    for (auto const type : {kvt::tensor::element::f32, kvt::tensor::element::f16, kvt::tensor::element::bf16}) {
        auto const source = open_model(sample_model(folder, type));
        model_halves const halves{source, 4};
        REQUIRE(halves.size() == 4);
        for (std::size_t i = 0; i < 2; ++i) {
            auto const got = halves(i);
            REQUIRE(got);
            auto const& t = *source.tensors()[i];
            auto const values = kvt::tensor::to_floats(t);
            auto const bounds = balanced_bounds(values.size(), 4);
            auto const whole = split_tensor::of(t.name, {values, bounds, 8});
            CHECK(got->name == t.name);
            CHECK(got->fitted.values == whole.fitted.values);
            CHECK(got->fitted.bounds == whole.fitted.bounds);
            CHECK(got->held_out.values == whole.held_out.values);
            CHECK(got->held_out.bounds == whole.held_out.bounds);
        }
        CHECK_FALSE(halves(2));  // with a constant group
        CHECK_FALSE(halves(3));  // two values
    }
    auto const source = open_model(folder / "model.safetensors");
    CHECK(fault_of([&] { model_halves{source, 0}; }) == "invalid_time_groups");
    CHECK(fault_of([&] { model_halves{source, 101}; }) == "invalid_time_groups");
}

TEST_CASE("values that are not finite are counted and named, also in tensors that are left out") {
    scratch_folder folder;
    kvt::tensor::dense_set bad;
    bad.put("small", {3}, {1, NAN, -INFINITY});
    auto const path = folder.file("bad.safetensors", kvt::tensor::safetensors_bytes(bad));
    CHECK(refusal([&] {
              (void)model_halves{open_model(path), 4}(0);
          }) == path + ", tensor small: non_finite_input: 1 NaN and 1 infinite of 3 values; expected finite numbers");
}

TEST_CASE("a stream of tensors gives the same trials for any number of threads, and judges what is tried") {
    scratch_folder folder;
    model_halves const halves{open_model(sample_model(folder)), 4};
    range_search const search;
    coordinate_descent const descent;
    named_policy const policies[]{{"search", search}, {"descent", descent}};
    std::int32_t const widths[]{2, 4};
    tensor_stream const stream{"model", halves.size(), halves};
    auto const tried = [&](std::int64_t threads) {
        kvt::run_context context{kvt::exec::thread_executor{threads}};
        context.progress = kvt::progress_meter{kvt::progress_style::silent};
        return try_policies(context, stream, {policies, widths});
    };
    auto const one = tried(1);
    REQUIRE(one.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(one[i].size() == (i < 2 ? 4 : 0));
    for (std::int64_t const threads : {2, 5}) {
        auto const many = tried(threads);
        for (std::size_t i = 0; i < 4; ++i) CHECK(kvt::dump(kvt::to_json(many[i])) == kvt::dump(kvt::to_json(one[i])));
    }
    // The same as all of them in memory.
    std::vector<split_tensor> const tensors{*halves(0), *halves(1)};
    for (std::size_t w = 0; w < 2; ++w)
        for (std::size_t p = 0; p < 2; ++p) {
            std::vector<policy_trial> const of{one[0][2 * w + p], one[1][2 * w + p]};
            CHECK(kvt::dump(kvt::to_json(judge_trials(of, policies[p].label, widths[w]))) ==
                  kvt::dump(kvt::to_json(try_policy(tensors, policies[p], widths[w]))));
        }
}

namespace {

// Says that a tensor is done with.
struct counted {
    std::atomic<int>* under_way;
    refined operator()(grouped_values const& tensor, std::span<value_range const> start) const {
        under_way->fetch_sub(1);
        return start_from(tensor, start);
    }
};

}  // namespace

TEST_CASE("only as many tensors are made at once as there are threads") {
    auto const tensors = one_suite(suite_kind::ramp);
    std::atomic<int> under_way{0}, most{0};
    counted const last{&under_way};
    auto const make = [&](std::size_t) {
        int const now = under_way.fetch_add(1) + 1;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
        return std::optional{tensors[0]};
    };
    named_policy const policies[]{{"counted", last}};
    std::int32_t const widths[]{2};
    kvt::run_context context{kvt::exec::thread_executor{2}};
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    CHECK(try_policies(context, {"many", 40, make}, {policies, widths}).size() == 40);
    CHECK(most <= 2);
    CHECK(under_way == 0);
}

TEST_CASE("what cannot be compared is refused, and a stop is heard") {
    scratch_folder folder;
    min_max_ranges const plain;
    named_policy const policies[]{{"plain", plain}};
    std::int32_t const widths[]{2}, odd[]{2, 3};
    model_halves const few{open_model(sample_model(folder)), 100};
    CHECK_NOTHROW((void)try_policies(silent(), {"m", few.size(), few}, {policies, widths}));  // b has 400 values
    kvt::tensor::dense_set small;
    small.put("x", {3}, {1, 2, 3});
    model_halves const none{open_model(folder.file("small.safetensors", kvt::tensor::safetensors_bytes(small))), 4};
    CHECK(refusal([&] {
              (void)try_policies(silent(), {"small", none.size(), none}, {policies, widths});
          }) ==
          "small: no_quantizable_tensors: none of 1 tensors can be cut into groups of two values or more that differ; "
          "expected fewer groups, or larger tensors");
    CHECK(fault_of([&] {
              (void)overheads_of(silent(), {"small", none.size(), none}, {policies, widths}, 20);
          }) == "no_quantizable_tensors");
    CHECK(fault_of([&] {
              (void)try_policies(silent(), {"m", few.size(), few}, {policies, odd});
          }) == "invalid_bit_width");
    CHECK_THROWS_AS((void)try_policies(silent(), {"m", few.size(), few}, {{}, widths}), kvt::error);
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    context.request_stop();
    for (auto const& e : {error_of([&] {
                              (void)try_policies(context, {"m", few.size(), few}, {policies, widths});
                          }),
                          error_of([&] {
                              (void)overheads_of(context, {"m", few.size(), few}, {policies, widths}, 20);
                          })}) {
        REQUIRE(e);
        CHECK(e->exit_code() == 1);
        CHECK(holds(e->what(), "stopped"));
    }
}
