#include "laws/range_policy.hpp"

#include <kvt/quant/finite_difference_ranges.hpp>

using namespace kvt::quant;

TEST_CASE("the published optimizer meets the laws of range policies") {
    laws::check_range_policy(finite_difference_ranges{{.max_iterations = 6}}, 300);
}

TEST_CASE("ranges are its parameters, and where no step helps they stay to the bit") {
    kvt::random_stream stream{44, "published ranges"};
    int moved = 0, stayed = 0;
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const data = tensors::some_tensor(stream);
        auto const tensor = data.view();
        auto const start = min_max(tensor);
        finite_difference_ranges const policy{{.max_iterations = 1 + static_cast<std::int64_t>(stream.below(5))}};
        auto const found = policy(tensor, start);
        if (found.objective.empty()) continue;  // a group without width
        REQUIRE(std::ssize(found.objective) == found.sweeps);
        std::vector<double> const values{tensor.values.begin(), tensor.values.end()};
        std::vector<double> scale, zero_point;
        for (auto const r : start) scale.push_back(r.width() / 3), zero_point.push_back(r.lo + 2 * scale.back());
        auto const own = policy.rule(values, scale, zero_point);
        for (std::size_t g = 0; g < start.size(); ++g) {
            bool const same = own.scale[g] == scale[g] && own.zero_point[g] == zero_point[g];
            (same ? stayed : moved) += 1;
            if (same) REQUIRE(found.ranges[g] == start[g]);
            // at two bits the ranges stand for the optimizer's own four codes
            auto const a = affine::over(found.ranges[g], 2);
            for (int c = 0; c < 4; ++c)
                REQUIRE(a.decode(c) == doctest::Approx((c - 2) * own.scale[g] + own.zero_point[g]).epsilon(1e-9));
        }
        REQUIRE(found.changed == (found.note.empty()));
    }
    CHECK(moved > 100);
    CHECK(stayed > 100);
}
