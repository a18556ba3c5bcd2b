// Records as JSON: both ways, and what is refused in which words.
#include "creature.hpp"

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <limits>

using creature::animal;
using kvt::from_json;
using kvt::json;
using kvt::parse_json;
using kvt::to_json;

namespace {

std::string refused(std::string_view text, std::string_view where = "f.json") {
    auto const e = error_of([&] { (void)from_json<animal>(parse_json(text), where); });
    REQUIRE(e);
    CHECK(e->kind() == kvt::error_kind::malformed);
    return e->what();
}

}  // namespace

TEST_CASE("a record as JSON has its fields in order") {
    animal a;
    a.names = {"x", "y"};
    a.limbs = {{"arm", 2.0, 5}};
    a.matrix = {{1, 2}, {}};
    a.extra = json::of({{"free", json::list({1, nullptr})}});
    CHECK(
        kvt::dump(to_json(a)) ==
        R"({"tame":true,"age":7,"legs":4,"hairs":0,"weight":0.25,"height":2.0,"name":"cat","mood":"wild","speed":null,)"
        R"("note":null,"names":["x","y"],"limbs":[{"name":"arm","length":2.0,"toes":5}],"matrix":[[1,2],[]],)"
        R"("tail":{"name":"leg","length":1.5,"toes":null},"horn":null,"extra":{"free":[1,null]}})");
    CHECK(kvt::dump(to_json(std::vector<creature::limb>{{"a", 1, {}}})) ==
          R"([{"name":"a","length":1.0,"toes":null}])");
}

TEST_CASE("any record survives the way through text") {
    kvt::random_stream stream{4, "records"};
    for (int i = 0; i < 1000; ++i) {
        auto const a = creature::any_animal(stream);
        auto const written = to_json(a);
        auto const back = from_json<animal>(parse_json(kvt::dump(written)));
        REQUIRE(to_json(back) == written);
        REQUIRE(back.age == a.age);
        REQUIRE(back.mood == a.mood);
        REQUIRE(back.weight == a.weight);
        REQUIRE(back.names == a.names);
        REQUIRE(back.horn.has_value() == a.horn.has_value());
    }
}

TEST_CASE("absent keys keep what was there") {
    auto const a = from_json<animal>(parse_json(R"({"age": 1, "tail": {"length": 3}})"));
    CHECK(a.age == 1);
    CHECK(a.name == "cat");
    CHECK(a.tail.length == 3.0);
    CHECK(a.tail.name == "leg");
    animal start;
    start.name = "dog";
    start.names = {"old"};
    auto const b = from_json<animal>(parse_json(R"({"names": ["new"], "speed": 2})"), "f", start);
    CHECK(b.name == "dog");
    CHECK(b.names == std::vector<std::string>{"new"});
    CHECK(b.speed == 2.0);
    start.speed = 5;
    CHECK_FALSE(from_json<animal>(parse_json(R"({"speed": null})"), "f", start).speed.has_value());
}

TEST_CASE("refusals name the key, what was found and what was expected") {
    CHECK(refused("[]") == "f.json: found a list; expected a mapping");
    CHECK(refused(R"({"aeg": 1})") == "f.json.aeg: unknown key");
    CHECK(refused(R"({"wieght": 1})") == R"(f.json.wieght: unknown key (did you mean "weight"?))");
    CHECK(refused(R"({"qqqqqqq": 1})") == "f.json.qqqqqqq: unknown key");
    CHECK(refused(R"({"tame": 1})") == "f.json.tame: found an integer; expected true or false");
    CHECK(refused(R"({"age": true})") == "f.json.age: found a boolean; expected an integer");
    CHECK(refused(R"({"age": 1.0})") == "f.json.age: found a number; expected an integer");
    CHECK(refused(R"({"age": "1"})") == "f.json.age: found a string; expected an integer");
    CHECK(refused(R"({"age": null})") == "f.json.age: found null; expected an integer");
    CHECK(refused(R"({"legs": 128})") == "f.json.legs: 128 is out of range");
    CHECK(refused(R"({"legs": -129})") == "f.json.legs: -129 is out of range");
    CHECK(refused(R"({"hairs": -1})") == "f.json.hairs: -1 is out of range");
    CHECK(refused(R"({"hairs": 4294967296})") == "f.json.hairs: 4294967296 is out of range");
    CHECK(refused(R"({"weight": "x"})") == "f.json.weight: found a string; expected a number");
    CHECK(refused(R"({"name": 1})") == "f.json.name: found an integer; expected a string");
    CHECK(refused(R"({"mood": "angry"})") ==
          R"(f.json.mood: unknown value "angry"; expected one of calm, wild, asleep)");
    CHECK(refused(R"({"mood": 1})") == "f.json.mood: found an integer; expected one of calm, wild, asleep");
    CHECK(refused(R"({"names": "x"})") == "f.json.names: found a string; expected a list");
    CHECK(refused(R"({"names": ["x", 2]})") == "f.json.names[1]: found an integer; expected a string");
    CHECK(refused(R"({"limbs": [{}, {"toes": "x"}]})") == "f.json.limbs[1].toes: found a string; expected an integer");
    CHECK(refused(R"({"matrix": [[1], [2, null]]})") == "f.json.matrix[1][1]: found null; expected an integer");
    CHECK(refused(R"({"tail": null})") == "f.json.tail: found null; expected a mapping");
    CHECK(refused(R"({"tail": {"nam": "x"}})") == R"(f.json.tail.nam: unknown key (did you mean "name"?))");
    CHECK(refused(R"({"horn": {"length": "x"}})") == "f.json.horn.length: found a string; expected a number");
    CHECK(refused(R"({"tail": {"length": "x"}})", "") == "tail.length: found a string; expected a number");
}

TEST_CASE("limits of the integers are within") {
    auto const a = from_json<animal>(parse_json(R"({"legs": -128, "hairs": 4294967295, "age": -9223372036854775808})"));
    CHECK(a.legs == -128);
    CHECK(a.hairs == 4294967295U);
    CHECK(a.age == std::numeric_limits<std::int64_t>::min());
    CHECK(from_json<animal>(parse_json(R"({"weight": 3})")).weight == 3.0);
}
