// Whether runs gave the same answers.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/harness/same_outputs.hpp>

using namespace kvt;
using tests::group_of_rows, tests::right;

TEST_CASE("outputs are compared at temperature 0 only") {
    for (double temperature : {0.0, 0.7}) {
        group_of_rows g{1, 10};
        g.temperature = temperature;
        g.add("full", 1.0, right);
        g.add("snapkv", 0.5, right);
        auto const f = g.analyzed();
        auto const& outputs = f.contrasts.front().outputs;
        REQUIRE(outputs.has_value() == (temperature == 0));
        if (outputs) CHECK(outputs->pairs == 10);
        if (outputs) CHECK(outputs->suspect);
    }
}
