#include <kvt/config/merge.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("merging remembers who set what") {
    auto base = json::of({{"a", json::of({{"x", 1}, {"l", json::list({1, 2, 3})}})}, {"b", 2}});
    config::provenance origin;
    json empty = json::object{};
    auto const as = [](std::string name) { return [name](std::string const&) { return name; }; };
    config::merge(empty, base, origin, as("first"));
    CHECK(dump(empty) == dump(base));
    config::merge(empty, json::of({{"a", json::of({{"l", json::list({9})}, {"y", 5}})}, {"c", nullptr}}), origin, as("second"));
    CHECK(dump(empty) == R"({"a":{"x":1,"l":[9],"y":5},"b":2,"c":null})");
    CHECK(origin.at("a.x") == "first");
    CHECK(origin.at("a.l") == "second");
    CHECK(origin.at("a.l[0]") == "second");
    CHECK(!origin.contains("a.l[1]"));
    CHECK(origin.at("b") == "first");
    CHECK(origin.at("c") == "second");
    config::merge(empty, json::of({{"a", 1}}), origin, as("third"));
    CHECK(origin.at("a") == "third");
    CHECK(!origin.contains("a.x"));
    CHECK(origin.contains("b"));
}

TEST_CASE("forgetting a key spares keys that only begin like it") {
    config::provenance origin{{"kv", "x"}, {"kv.budgets", "x"}, {"kv.budgets[0]", "x"}, {"kv.budgets_more", "x"}, {"kv2", "x"}};
    config::forget(origin, "kv.budgets");
    CHECK(origin == config::provenance{{"kv", "x"}, {"kv.budgets_more", "x"}, {"kv2", "x"}});
}
