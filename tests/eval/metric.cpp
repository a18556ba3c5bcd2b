#include "laws/metric.hpp"

TEST_CASE("same_text keeps the laws of a metric") {
    laws::check_metric(kvt::eval::same_text{}, laws::symmetry::symmetric);
    CHECK(kvt::eval::same_text{}("a", "A") == 0);
}
