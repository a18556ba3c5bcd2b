#include "../laws/store.hpp"

#include <kvt/store/where.hpp>

#include <doctest/doctest.h>

using kvt::store::descending;
using kvt::store::order;
using kvt::store::table_of;
using kvt::store::values_of;
using kvt::store::where;
using kvt::store::detail::checked;

namespace {
auto const& parents = table_of<laws::parent>();
auto const& children = table_of<laws::child>();
}  // namespace

TEST_CASE("conditions take their columns' types: an integer for a REAL column is a double, null is null") {
    auto const real = checked(parents, where{{"weight", 2}});
    REQUIRE(real.size() == 1);
    REQUIRE(real[0].equals.real() != nullptr);
    CHECK(*real[0].equals.real() == 2.0);
    auto const whole = checked(parents, where{{"number", 2}, {"shade", laws::shade::dark}});
    REQUIRE(whole[0].equals.integer() != nullptr);
    CHECK(*whole[1].equals.text() == "dark");
    CHECK(checked(parents, where{{"note", nullptr}})[0].equals.is_null());
    CHECK(checked(parents, where{}).empty());
}

TEST_CASE("a condition on another column or of another type is refused by table and column") {
    CHECK_THROWS_WITH_AS((void)checked(children, where{{"plac", 1}}), "table children: no column plac; expected place",
                         kvt::error);
    CHECK_THROWS_WITH_AS((void)checked(children, where{{"place", 1.0}}),
                         "children.place: compared with 1.0; expected a value of type INTEGER", kvt::error);
    CHECK_THROWS_WITH_AS((void)checked(children, where{{"id", "x"}, {"code", 7}}),
                         "children.code: compared with 7; expected a value of type TEXT", kvt::error);
    CHECK_THROWS_WITH_AS((void)checked(parents, where{{"weight", "heavy"}}),
                         "parents.weight: compared with \"heavy\"; expected a value of type REAL", kvt::error);
}

TEST_CASE("a selection names a column of the same type, and its own conditions are checked") {
    auto const inner = checked(children, where{{"parent_number", values_of<laws::parent>("number", {{"weight", 1}})}});
    REQUIRE(inner[0].among.size() == 1);
    auto const& s = inner[0].among[0];
    CHECK(s.from == &parents);
    CHECK(s.column == "number");
    CHECK(s.match.at(0).equals.real() != nullptr);
    CHECK_THROWS_WITH_AS((void)checked(children, where{{"parent_number", values_of<laws::parent>("group")}}),
                         "children.parent_number: compared with parents.group of another type", kvt::error);
    CHECK_THROWS_AS((void)checked(children, where{{"parent_number", values_of<laws::parent>("numbr")}}), kvt::error);
    CHECK_THROWS_AS(
        (void)checked(children, where{{"parent_number", values_of<laws::parent>("number", {{"weight", "x"}})}}),
        kvt::error);
}

TEST_CASE("an order ends with the primary key, each column once") {
    auto const spelled = [](order const& by) {
        std::string out;
        for (auto const& k : by) out += k.column + (k.way == descending ? " down " : " ");
        return out;
    };
    CHECK(spelled(checked(parents, order{})) == "group number ");
    CHECK(spelled(checked(parents, order{{"note", descending}})) == "note down group number ");
    CHECK(spelled(checked(parents, order{{"number", descending}, "note"})) == "number down note group ");
    CHECK(spelled(checked(table_of<laws::remark>(), order{})).empty());  // no primary key: by insertion
    CHECK_THROWS_WITH_AS((void)checked(parents, order{"nte"}), "table parents: no column nte; expected note",
                         kvt::error);
}

TEST_CASE("conditions as messages show them") {
    using kvt::store::detail::spelled;
    CHECK(spelled(where{}) == "every row");
    CHECK(spelled(where{{"id", "a\"b"}, {"place", 3}, {"code", nullptr}}) == R"(id = "a\"b", place = 3, code = null)");
    CHECK(spelled(where{{"place", 1}, {"parent_number", values_of<laws::parent>("number")}}) ==
          "place = 1, parent_number from parents");
}

TEST_CASE("conditions that pick the rows a reference points at") {
    kvt::store::row cells(children.fields.size());
    cells[kvt::store::column_position(children, "parent_group")] = "g";
    cells[kvt::store::column_position(children, "parent_number")] = 7;
    auto const& to = children.rules.references()[0];
    auto const match = kvt::store::detail::matching(children, to.to, to.from, cells);
    CHECK(kvt::store::detail::spelled(match) == R"(group = "g", number = 7)");
}
