#include <kvt/harness/ids.hpp>

#include <doctest/doctest.h>

#include <set>

using namespace kvt;

TEST_CASE("ids follow from what they name") {
    CHECK(harness::run_id("g", 1) == "g_budget_1.0");
    CHECK(harness::run_id("g", 0.05) == "g_budget_0.05");
    CHECK(harness::run_id("g", 1e-05) == "g_budget_1e-05");
    CHECK(harness::run_id("g", "snapkv", 0.2) == "g_snapkv_budget_0.2");
    CHECK(harness::request_id("g_budget_1.0", 0) == "req_1357ddccaeceef5402b51a57");
    CHECK(harness::response_id("req_1") == "req_1_r");
    CHECK(harness::dataset_id("ruler ", "niah") == "ruler__niah");
}

TEST_CASE("requests of all runs and entries differ") {
    std::set<std::string> ids;
    for (auto const* run : {"g_budget_1.0", "g_budget_0.5"})
        for (std::int64_t entry = 0; entry < 500; ++entry) ids.insert(harness::request_id(run, entry));
    CHECK(ids.size() == 1000);
}
