#include "../laws/binning.hpp"

#include <kvt/data/fixed_bins.hpp>

#include <doctest/doctest.h>

using namespace kvt::data;

TEST_CASE("fixed bins do not look at the lengths") {
    fixed_bins const bins{{128, 256, 512}};
    laws::binning(bins, {5, 128, 129, 512, 9000}, {9000, 512, 129, 128, 5});
    std::vector<std::int64_t> const some{7};
    auto const edges = bins.edges(some);
    CHECK(edges == std::vector<bin_edge>{{0, 0, 128}, {1, 129, 256}, {2, 257, 512}});
    CHECK(bin_of(edges, 128) == 0);
    CHECK(bin_of(edges, 129) == 1);
    CHECK(bin_of(edges, 9000) == 2);
}

TEST_CASE("limits must ascend") {
    std::vector<std::int64_t> const some{7};
    CHECK_THROWS_AS((void)fixed_bins{{}}.edges(some), data_error);
    CHECK_THROWS_AS((void)(fixed_bins{{10, 10}}.edges(some)), data_error);
    CHECK_THROWS_AS((void)fixed_bins{{-1}}.edges(some), data_error);
}
