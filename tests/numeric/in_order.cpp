#include <doctest/doctest.h>
#include <kvt/numeric/in_order.hpp>

#include <vector>

TEST_CASE("turns are run once each, in order") {
    std::vector<std::size_t> seen;
    kvt::numeric::in_order{}.parallel_for(4, [&](std::size_t i) { seen.push_back(i); });
    CHECK(seen == std::vector<std::size_t>{0, 1, 2, 3});
    kvt::numeric::in_order{}.parallel_for(0, [&](std::size_t) { seen.clear(); });
    CHECK(seen.size() == 4);
}
