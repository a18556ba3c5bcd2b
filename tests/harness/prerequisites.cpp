#include <doctest/doctest.h>
#include <kvt/harness/prerequisites.hpp>

using namespace kvt::harness;

TEST_CASE("a report needs a database, statistics and, once something was scored, its plots") {
    using list = std::vector<std::string>;
    auto const missing = [](report_inputs const& inputs) { return check_report_inputs(inputs, completeness::whole).missing; };
    CHECK(missing({}) == list{"DB_MISSING"});
    CHECK(missing({.database = true}) == list{"NO_BIN_STATS", "PLOTS_DIR_MISSING"});
    CHECK(missing({.database = true, .bin_stats = 1, .plots = list{}}).empty());
    CHECK(missing({.database = true, .bin_stats = 1, .plots = list{"acc_by_bin.png"}, .scored = 1}) ==
          list{"PLOT_MISSING:fail_by_bin.png", "PLOT_MISSING:latency_p50_by_bin.png"});
    CHECK(missing({.database = true, .bin_stats = 1, .plots = list{"acc_by_bin.png", "fail_by_bin.png"}, .scored = 1,
                   .latency = false}).empty());
}

TEST_CASE("a partial report may be asked for, and still says what is missing") {
    auto const partial = check_report_inputs({}, completeness::partial);
    CHECK(partial.valid);
    CHECK_FALSE(partial.missing.empty());
    CHECK_FALSE(check_report_inputs({}, completeness::whole).valid);
}
