#include "../laws/store.hpp"

#include <kvt/store/table.hpp>

#include <doctest/doctest.h>

TEST_CASE("a table describes its record") {
    constexpr auto const& t = kvt::store::table_of<laws::child>();
    static_assert(t.rules.name == "children");
    static_assert(t.rules.primary.count == 1);
    static_assert(t.rules.references().size() == 1);
    static_assert(t.rules.references()[0].to.names[1] == "number");
    CHECK(kvt::store::column_position(t, "place") == 3);
    CHECK(kvt::store::column_type_of(t.fields[2]) == kvt::store::column_type::integer);
    CHECK(kvt::store::nullable(t.fields[2]));
    CHECK(!kvt::store::nullable(t.fields[3]));
    CHECK_THROWS_WITH_AS((void)kvt::store::column_position(t, "plce"),
                         "table children: no column plce; expected place", kvt::error);
}

TEST_CASE("a rule that names an unknown column is refused where the table is declared") {
    constexpr auto wrong = kvt::store::table_rules{"children"}.key("idd");
    static_assert(!kvt::store::detail::consistent(kvt::members_of<laws::child>{}, wrong));
    constexpr auto uneven = kvt::store::table_rules{"children"}.refers({"id", "place"}, "parents", "group");
    static_assert(!kvt::store::detail::consistent(kvt::members_of<laws::child>{}, uneven));
    CHECK(kvt::store::detail::consistent(kvt::members_of<laws::child>{}, kvt::store::table_of<laws::child>().rules));
}

TEST_CASE("a cell that does not fit its field is named") {
    auto const& t = kvt::store::table_of<laws::parent>();
    laws::parent p;
    auto cells = kvt::store::detail::to_row(t, &p);
    cells[kvt::store::column_position(t, "shade")] = "grey";
    CHECK_THROWS_WITH_AS(kvt::store::detail::from_row(t, cells, &p),
                         "parents.shade: unknown value \"grey\"; expected one of light, dark", kvt::error);
    cells[kvt::store::column_position(t, "shade")] = "dark";
    cells[kvt::store::column_position(t, "list")] = "[1,";
    CHECK_THROWS_AS(kvt::store::detail::from_row(t, cells, &p), kvt::error);
    cells[kvt::store::column_position(t, "list")] = "[1]";
    cells[kvt::store::column_position(t, "wanted")] = 2;
    CHECK_THROWS_AS(kvt::store::detail::from_row(t, cells, &p), kvt::error);
}
