#include <doctest/doctest.h>
#include <kvt/core/nearest_name.hpp>

#include <vector>

TEST_CASE("the nearest name is near, or none") {
    std::vector<std::string_view> const names{"budget", "policy", "seed", "kv"};
    CHECK(kvt::nearest_name("buget", names) == "budget");
    CHECK(kvt::nearest_name("budgets", names) == "budget");
    CHECK(kvt::nearest_name("bugdet", names) == "budget");
    CHECK(kvt::nearest_name("polizei", names).empty());
    CHECK(kvt::nearest_name("sead", names) == "seed");
    CHECK(kvt::nearest_name("temperature", names).empty());
    CHECK(kvt::nearest_name("", names).empty());
    CHECK(kvt::nearest_name("kw", names, 1) == "kv");
    CHECK(kvt::nearest_name("budget", std::vector<std::string>{}).empty());
    CHECK(kvt::nearest_name(std::string(500, 'a'), names).empty());
    CHECK(kvt::nearest_name("b", std::vector<std::string>{std::string(1000, 'b')}).empty());
}
