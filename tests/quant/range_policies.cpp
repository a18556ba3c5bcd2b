#include "laws/range_policy.hpp"

#include <doctest/doctest.h>
#include <kvt/quant/range_policies.hpp>

TEST_CASE("every policy has its name in the registry") {
    using namespace kvt::quant;
    CHECK(range_policies::contains<"min_max">);
    CHECK(range_policies::contains<"sequential_smoothing">);
    CHECK(range_policies::contains<"kernel_smoothing">);
    CHECK(range_policies::contains<"range_search">);
    CHECK(range_policies::contains<"coordinate_descent">);
    CHECK(range_policies::contains<"finite_difference">);
    CHECK_FALSE(range_policies::contains<"other">);
    static_assert(range_policy<min_max_ranges> && range_policy<sequential_smoothing> &&
                  range_policy<kernel_smoothing> && range_policy<range_search> && range_policy<coordinate_descent>);
}

TEST_CASE("every registered policy keeps the laws") {
    using namespace kvt::quant;
    std::vector<std::string_view> tried;
    range_policies::each([&]<class P>(std::string_view name, std::type_identity<P>) {
        CHECK(P::name == name);
        laws::check_range_policy(P{}, 60);
        tried.push_back(name);
    });
    CHECK(tried == range_policies::names());
}
