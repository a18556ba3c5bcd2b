#include "creature.hpp"

#include <doctest/doctest.h>
#include <kvt/core/csv.hpp>

#include <support/refusal.hpp>

#include <cmath>
#include <limits>
#include <span>

using kvt::from_csv;
using kvt::parse_csv;
using kvt::to_csv;

namespace {

struct row {
    std::int64_t id = 0;
    std::string text;
    std::optional<double> score;
    bool on = false;
    creature::mood mood = creature::mood::calm;
    std::vector<std::int64_t> list;
    creature::limb limb;
};
KVT_RECORD(row, id, text, score, on, mood, list, limb);

struct tree_row {
    kvt::json tree;
};
KVT_RECORD(tree_row, tree);

using cells = std::vector<std::vector<std::string>>;

std::string refused(std::string_view text) {
    return refusal([&] { (void)from_csv<row>(text, "f.csv"); });
}

std::string const header = "id,text,score,on,mood,list,limb\n";

}  // namespace

TEST_CASE("rows as written") {
    std::vector<row> const rows{{1, "plain", 0.5, true, creature::mood::wild, {1, 2}, {"arm", 2, 5}},
                                {2, "a,\"b\"\nc", {}, false, {}, {}, {}}};
    CHECK(
        to_csv(std::span{rows}) ==
        header +
            "1,plain,0.5,true,wild,\"[1,2]\",\"{\"\"name\"\":\"\"arm\"\",\"\"length\"\":2.0,\"\"toes\"\":5}\"\n"
            "2,\"a,\"\"b\"\"\nc\",,false,calm,[],\"{\"\"name\"\":\"\"leg\"\",\"\"length\"\":1.5,\"\"toes\"\":null}\"\n");
    CHECK(to_csv(std::span<row const>{}) == header);
}

TEST_CASE("any record survives") {
    kvt::random_stream stream{6, "csv"};
    std::vector<row> rows;
    for (int i = 0; i < 500; ++i) {
        row r{static_cast<std::int64_t>(stream.next()),
              creature::any_text(stream),
              {},
              stream.below(2) == 0,
              static_cast<creature::mood>(stream.below(3)),
              {},
              creature::any_limb(stream)};
        if (stream.below(2) == 0) r.score = creature::any_double(stream);
        for (auto n = stream.below(4); n > 0; --n) r.list.push_back(static_cast<std::int64_t>(stream.next()));
        rows.push_back(std::move(r));
    }
    auto const back = from_csv<row>(to_csv(std::span<row const>{rows}));
    REQUIRE(back.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(kvt::to_json(back[i]) == kvt::to_json(rows[i]));
}

TEST_CASE("numbers without digits survive") {
    double const infinity = std::numeric_limits<double>::infinity();
    std::vector<row> rows(4);
    rows[0].score = infinity, rows[1].score = -infinity, rows[2].score = std::nan("");
    auto const back = from_csv<row>(to_csv(std::span<row const>{rows}));
    CHECK(back.at(0).score == infinity);
    CHECK(back.at(1).score == -infinity);
    CHECK(std::isnan(back.at(2).score.value()));
    CHECK(!back.at(3).score);
}

TEST_CASE("trees survive, null among them") {
    std::vector<tree_row> const rows{{nullptr}, {kvt::json::of({{"a", kvt::json::list({1, "x,y"})}})}, {2.5}};
    auto const back = from_csv<tree_row>(to_csv(std::span{rows}));
    REQUIRE(back.size() == 3);
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(back[i].tree == rows[i].tree);
}

TEST_CASE("cells by RFC 4180") {
    CHECK(parse_csv("a,b\r\n1,\"2\"\r\n") == cells{{"a", "b"}, {"1", "2"}});
    CHECK(parse_csv("a\n\"x\"\"y\"") == cells{{"a"}, {"x\"y"}});
    CHECK(parse_csv("a,\n,b\n") == cells{{"a", ""}, {"", "b"}});
    CHECK(parse_csv("\"a\nb\",c") == cells{{"a\nb", "c"}});
    CHECK(parse_csv("\xEF\xBB\xBF"
                    "a,b\n") == cells{{"a", "b"}});
    CHECK(parse_csv("\"\"\n") == cells{{""}});
    CHECK(parse_csv("").empty());
    CHECK(parse_csv("a,b\r1,2\r") == cells{{"a", "b"}, {"1", "2"}});
    CHECK_THROWS_WITH_AS((void)parse_csv("a\n\"b", "f.csv"), "f.csv:2: a quoted cell is not closed", kvt::error);
}

TEST_CASE("columns may come in any order, more or optional ones fewer") {
    auto const rows = from_csv<row>("extra,mood,limb,list,on,text,id\nx,asleep,{},[3],1,t,9\n");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id == 9);
    CHECK(rows[0].mood == creature::mood::asleep);
    CHECK(rows[0].on);
    CHECK_FALSE(rows[0].score.has_value());
    CHECK(rows[0].limb.name == "leg");
    CHECK(from_csv<row>(header).empty());
    CHECK(from_csv<row>("").empty());
}

TEST_CASE("refusals name line and column") {
    CHECK(refused("id,text\n1,t\n") == "f.csv: no column \"on\"");
    CHECK(refused(header + "1,t,,true,calm,[]\n") == "f.csv:2: 6 cells; expected 7 as in the header");
    CHECK(refused(header + "x,t,,true,calm,[],{}\n") == "f.csv:2, column id: \"x\"; expected an integer");
    CHECK(refused(header + "1.5,t,,true,calm,[],{}\n") == "f.csv:2, column id: \"1.5\"; expected an integer");
    CHECK(refused(header + "1,t,,yes,calm,[],{}\n") == "f.csv:2, column on: found a string; expected true or false");
    CHECK(refused(header + "1,t,,true,angry,[],{}\n") ==
          "f.csv:2, column mood: unknown value \"angry\"; expected one of calm, wild, asleep");
    CHECK(refused(header + "1,t,x,true,calm,[],{}\n") == "f.csv:2, column score: \"x\"; expected a number");
    CHECK(refused(header + "1,t,,true,calm,[1,2],{}\n").starts_with("f.csv:2: 8 cells"));
    CHECK(refused(header + "1,t,,true,calm,[,{}\n").starts_with("f.csv:2, column list: not JSON ("));
    CHECK(refused(header + "1,t,,true,calm,[],\"{\"\"nam\"\":1}\"\n") ==
          "f.csv:2, column limb.nam: unknown key (did you mean \"name\"?)");
}

TEST_CASE("a row's line is where it starts, also behind cells of several lines") {
    CHECK(refused(header + "1,\"a\nb\nc\",,true,calm,[],{}\nx,t,,true,calm,[],{}\n") ==
          "f.csv:5, column id: \"x\"; expected an integer");
}
