#include "faults.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/configured.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("stages and policies get what the configuration says, and accept what it accepts") {
    kvt::random_stream stream{45, "configured"};
    for (int round = 0; round < 1000; ++round) {
        settings s;
        s.num_time_groups = 1 + static_cast<std::int64_t>(stream.below(100));
        if (stream.below(2) == 0) s.group_size = 32 << stream.below(4);
        s.window_size = static_cast<std::int64_t>(stream.below(23));
        s.interpolation = stream.below(2) == 0 ? interpolation::cubic : interpolation::sigmoid;
        s.learning_rate = stream.below(6) == 0 ? 0 : stream.unit();
        s.max_iterations = static_cast<std::int64_t>(stream.below(4));
        s.convergence_threshold = stream.unit() - 0.1;
        s.markov_weight = stream.unit() - 0.1, s.entropy_weight = stream.unit();
        s.beta_schedule = schedule_kind::cosine;
        auto const cut = grouping_of(s);
        CHECK(cut.time_groups == s.num_time_groups);
        CHECK(cut.group_size == s.group_size);
        auto const smoothing = smoothing_of(s);
        CHECK(smoothing.window == s.window_size);
        CHECK(smoothing.method == s.interpolation);
        auto const published = published_optimizer_of(s).rule;
        CHECK(published.learning_rate == s.learning_rate);
        CHECK(published.schedule.kind == schedule_kind::cosine);
        CHECK(published.weights.entropy == s.entropy_weight);
        // one is refused exactly where the others are
        bool const parts = fault_of([&] { cut.check(), smoothing.check(), published.check(); }).empty();
        CHECK(parts == fault_of([&] { s.check(); }).empty());
    }
    for (auto const where : {deployment::edge, deployment::local, deployment::cloud}) {
        auto const s = settings::preset(where);
        CHECK(fault_of([&] { s.check(); }) == "");
        CHECK(grouping_of(s).group_size == s.group_size);
    }
}
