#include "creature.hpp"

#include <kvt/core/text_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <cstdlib>
#include <limits>

using kvt::dump;
using kvt::json;
using kvt::json_style;
using kvt::parse_json;

namespace {

/// What is wrong with a document or record; empty where nothing is.
std::string refused(auto const& f) {
    auto const e = error_of(f);
    CHECK((!e || e->kind() == kvt::error_kind::malformed));
    return e ? e->what() : "";
}

}  // namespace

TEST_CASE("values know what they are") {
    CHECK(json{}.is_null());
    CHECK(json{true}.is_bool());
    CHECK(json{1}.is_integer());
    CHECK(json{1.0}.is_real());
    CHECK(json{1}.is_number());
    CHECK(json{"x"}.is_text());
    CHECK(json::list({1, "x"}).is_array());
    CHECK(json::of({{"a", 1}}).is_object());
    CHECK(json{3}.real() == 3.0);
    CHECK(json::list({1, 2}).size() == 2);
    CHECK(json{"text"}.size() == 0);
    CHECK(refused([] { (void)json{1.5}.integer(); }) == "found a number; expected an integer");
    CHECK(refused([] { (void)json{"x"}.real(); }) == "found a string; expected a number");
    CHECK(refused([] { (void)json{}.items(); }) == "found null; expected a list");
    CHECK(refused([] { (void)json::list({}).members(); }) == "found a list; expected a mapping");
    CHECK(refused([] { (void)json::of({}).text(); }) == "found a mapping; expected a string");
    CHECK(refused([] { (void)json{1}.boolean(); }) == "found an integer; expected a boolean");
}

TEST_CASE("members are found, added, replaced and removed in order") {
    json v;
    v["b"] = 1;
    v["a"]["deep"] = 2;
    v["b"] = 3;
    v["list"].push_back("x");
    CHECK(dump(v) == R"({"b":3,"a":{"deep":2},"list":["x"]})");
    CHECK(v.at("a").at("deep").integer() == 2);
    CHECK(v.find("none") == nullptr);
    CHECK(json{1}.find("a") == nullptr);
    CHECK(v.erase("b"));
    CHECK_FALSE(v.erase("b"));
    CHECK_FALSE(json{1}.erase("b"));
    CHECK_THROWS_WITH_AS((void)v.at("b"), "b: missing key", kvt::error);
    CHECK_THROWS_AS((void)json{1}["a"], kvt::error);
    CHECK_THROWS_AS(json{1}.push_back(1), kvt::error);
}

TEST_CASE("objects are equal as sets, numbers as what they are") {
    CHECK(json::of({{"a", 1}, {"b", 2}}) == json::of({{"b", 2}, {"a", 1}}));
    CHECK_FALSE(json::of({{"a", 1}}) == json::of({{"a", 1}, {"b", 2}}));
    CHECK_FALSE(json::of({{"a", 1}}) == json::of({{"b", 1}}));
    CHECK_FALSE(json{1} == json{1.0});
    CHECK_FALSE(json::list({1, 2}) == json::list({2, 1}));
    CHECK(json::list({json::of({{"a", 1}, {"b", 2}})}) == json::list({json::of({{"b", 2}, {"a", 1}})}));
}

TEST_CASE("the three styles, as written") {
    auto const v = json::of({{"b", json::list({1, json::of({}), json::list({})})}, {"a", "é\n\"\x01"}, {"c", 0.5}});
    CHECK(dump(v) == "{\"b\":[1,{},[]],\"a\":\"é\\n\\\"\\u0001\",\"c\":0.5}");
    CHECK(dump(v, json_style::canonical) == "{\"a\":\"é\\n\\\"\\u0001\",\"b\":[1,{},[]],\"c\":0.5}");
    CHECK(dump(v, json_style::pretty) ==
          "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": \"é\\n\\\"\\u0001\",\n  \"c\": 0.5\n}");
    CHECK(dump(json::of({{"z", 1}, {"é", 2}, {"a", 3}, {"Z", 4}}), json_style::canonical) ==
          R"({"Z":4,"a":3,"z":1,"é":2})");
}

TEST_CASE("doubles are the shortest digits that read back") {
    for (auto const& [value, text] :
         std::initializer_list<std::pair<double, std::string_view>>{{0.0, "0.0"},
                                                                    {-0.0, "-0.0"},
                                                                    {1.0, "1.0"},
                                                                    {0.1, "0.1"},
                                                                    {1.0 / 3, "0.3333333333333333"},
                                                                    {100, "100.0"},
                                                                    {0.0001, "0.0001"},
                                                                    {0.00001, "1e-05"},
                                                                    {1.5e-7, "1.5e-07"},
                                                                    {1e15, "1000000000000000.0"},
                                                                    {1e16, "1e+16"},
                                                                    {123456789012345680.0, "1.2345678901234568e+17"},
                                                                    {1e100, "1e+100"},
                                                                    {5e-324, "5e-324"},
                                                                    {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                                    {-12.5, "-12.5"},
                                                                    {9007199254740993.0, "9007199254740992.0"}})
        CHECK(kvt::shortest(value) == text);
    kvt::random_stream stream{1, "shortest"};
    for (int i = 0; i < 20000; ++i) {
        double const v = creature::any_double(stream);
        auto const text = kvt::shortest(v);
        REQUIRE(std::strtod(text.c_str(), nullptr) == v);
        REQUIRE(text.find_first_of(".e") != text.npos);
        REQUIRE(parse_json(text).real() == v);
    }
    CHECK(dump(json{std::numeric_limits<double>::quiet_NaN()}) == "null");
    CHECK(dump(json{-std::numeric_limits<double>::infinity()}) == "null");
}

TEST_CASE("any value survives writing and reading, in every style") {
    kvt::random_stream stream{2, "round trips"};
    for (int i = 0; i < 3000; ++i) {
        auto const v = creature::any_json(stream, 4);
        for (auto style : {json_style::compact, json_style::pretty, json_style::canonical}) {
            auto const text = dump(v, style);
            auto const back = parse_json(text);
            REQUIRE_MESSAGE(back == v, text);
            REQUIRE(dump(back, style) == text);
        }
    }
}

TEST_CASE("numbers keep their kind") {
    CHECK(parse_json("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
    CHECK(parse_json("-9223372036854775808").integer() == std::numeric_limits<std::int64_t>::min());
    CHECK(parse_json("18446744073709551615").real() == 18446744073709551615.0);
    CHECK(parse_json("18446744073709551615").is_real());
    CHECK(dump(parse_json("[9223372036854775808,18446744073709551614]")) ==
          "[9223372036854775808,18446744073709551614]");
    CHECK(parse_json("9223372036854775808") != parse_json("9223372036854775809"));
    CHECK(parse_json("9223372036854775808") == json{std::uint64_t{1} << 63});
    CHECK(json{std::uint64_t{7}} == json{7});
    CHECK(refusal([] { (void)parse_json("9223372036854775808").integer(); }) ==
          "found an integer above 2^63; expected an integer");
    CHECK(refusal([] { (void)parse_json("18446744073709551616"); }) != "");
    CHECK(parse_json("1.0").is_real());
    CHECK(parse_json("1e2").is_real());
    CHECK(parse_json("-0").is_integer());
    CHECK(std::signbit(parse_json("-0.0").real()));
}

TEST_CASE("documents of any length and fate leave nothing behind for the next") {
    auto const small = parse_json(R"({"a":["x"]})");
    std::string long_text(std::size_t{5} << 20, 'l');
    CHECK(parse_json("\"" + long_text + "\"").text() == long_text);
    CHECK(refusal([] { (void)parse_json(R"({"a":["y")"); }) != "");
    CHECK(parse_json(std::string_view{R"(["z"] tail)"}.substr(0, 5)) == json::list({"z"}));
    CHECK(small == json::of({{"a", json::list({"x"})}}));
}

TEST_CASE("the last of duplicate keys counts, at the place of the first") {
    CHECK(dump(parse_json(R"({"a":1,"b":2,"a":{"c":3}})")) == R"({"a":{"c":3},"b":2})");
}

TEST_CASE("escapes of every kind are read") {
    CHECK(parse_json(R"("\u0041\u00e9\u4e2d\ud83d\ude00\/\b\f\n\r\t\\\"")").text() == "Aé中😀/\b\f\n\r\t\\\"");
    CHECK(parse_json(R"("\u0000")").text() == std::string(1, '\0'));
}

TEST_CASE("what is not JSON is refused, naming its source") {
    for (std::string_view text : {"",
                                  " ",
                                  "{",
                                  "[",
                                  "[1,]",
                                  "{\"a\":1,}",
                                  "{\"a\" 1}",
                                  "{a:1}",
                                  "{1:2}",
                                  "'a'",
                                  "\"a",
                                  "nul",
                                  "TRUE",
                                  "NaN",
                                  "Infinity",
                                  "01",
                                  "1.",
                                  ".5",
                                  "+1",
                                  "1e",
                                  "0x10",
                                  "1 2",
                                  "[1] x",
                                  "{}{}",
                                  "[1}",
                                  "\"\\x\"",
                                  "\"\\u12\"",
                                  "\"\n\"",
                                  "\"\x01\"",
                                  "\"\\ud800\"",
                                  "\"\xff\"",
                                  "\"\xc0\x80\"",
                                  "\"\xed\xa0\x80\"",
                                  "// no\n1",
                                  "[1,,2]",
                                  "1e400",
                                  "99999999999999999999999"}) {
        auto const message = refused([&] { (void)parse_json(text, "file.json"); });
        CHECK_MESSAGE(message.starts_with("file.json: not JSON ("), "accepted or worded otherwise: ", text, " ",
                      message);
        CHECK(message.find('\n') == message.npos);
    }
}

TEST_CASE("nesting has a bound, and no depth breaks the reader") {
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(parse_json(nested(256)).is_array());
    CHECK(refused([&] { (void)parse_json(nested(258), "f"); }) == "f: nesting deeper than 256");
    CHECK_FALSE(refused([&] { (void)parse_json(nested(5000)); }).empty());
    CHECK_FALSE(refused([&] { (void)parse_json(nested(2000000)); }).empty());
    std::string objects;
    for (int i = 0; i < 300; ++i) objects += "{\"a\":";
    CHECK_FALSE(refused([&] { (void)parse_json(objects + "1" + std::string(300, '}')); }).empty());
}

TEST_CASE("any bytes are read or refused, never more") {
    kvt::random_stream stream{3, "fuzz"};
    static constexpr std::string_view pieces[] = {"{", "}", "[",    "]",    ",", ":",  "\"", "\\",   "1",     "-",
                                                  ".", "e", "null", "true", " ", "\n", "a",  "\xff", "\\u12", "é"};
    int read = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (auto n = stream.below(12); n > 0; --n) text += pieces[stream.below(std::size(pieces))];
        try {
            auto const v = parse_json(text);
            REQUIRE(parse_json(dump(v)) == v);
            ++read;
        } catch (kvt::error const& e) {
            REQUIRE(e.kind() == kvt::error_kind::malformed);
        }
    }
    CHECK(read > 100);
}

TEST_CASE("files are read whole, and their names are in the errors") {
    scratch_folder const folder;
    kvt::write_file(folder / "good.json", "{\"a\":[1,2]}\n");
    kvt::write_file(folder / "bad.json", "{\"a\":");
    CHECK(kvt::read_json_file(folder / "good.json").at("a").size() == 2);
    CHECK(refused([&] { (void)kvt::read_json_file(folder / "bad.json"); }).starts_with(folder / "bad.json: not JSON"));
    CHECK_THROWS_AS((void)kvt::read_json_file(folder / "none.json"), kvt::error);
}
