#include "gradient_check.hpp"

#include <kvt/scaling/embedding.hpp>

using namespace kvt::scaling;

TEST_CASE("tokens fetch rows, and their gradients add up there") {
    embedding<double> const layer{3};
    std::vector<std::int32_t> const ids{2, 0, 2, 3};
    auto table = gradient_check::noise(5 * 3, "table");
    auto const by = gradient_check::noise(4 * 3, "by");
    std::vector<double> y(4 * 3), d_table(table.size(), 0);
    layer.backward(ids, by, d_table);
    gradient_check::agree(table, d_table, [&] {
        layer.forward(ids, table, y);
        return gradient_check::weighted(y, by);
    });
    CHECK(y[3] == table[0]);
    CHECK(d_table[6] == by[0] + by[6]);
    CHECK(d_table[3] == 0);
}
