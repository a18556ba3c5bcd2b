// Laws of row_store: what every store keeps, whatever it keeps it in.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/store/store.hpp>

#include <doctest/doctest.h>

#include "../support/refusal.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace laws {

enum class shade : std::uint8_t { light, dark };
KVT_CHOICE(shade, "light", "dark");

struct point {
    double x = 0, y = 0;
};
KVT_RECORD(point, x, y);

struct parent {
    std::string group;
    std::int64_t number = 0;
    double weight = 0;
    bool wanted = false;
    laws::shade shade = shade::light;
    std::optional<std::string> note;
    std::optional<std::int64_t> size;
    std::optional<double> share;
    std::vector<std::int64_t> list;
    point place;
    kvt::json tree;
    std::string drop;  // a word SQL keeps for itself
};
KVT_RECORD(parent, group, number, weight, wanted, shade, note, size, share, list, place, tree, drop);
KVT_TABLE(parent, "parents", .key({"group", "number"}).indexed("idx_parents_note", "note"));

struct child {
    std::string id;
    std::optional<std::string> parent_group;
    std::optional<std::int64_t> parent_number;
    std::int64_t place = 0;
    std::optional<std::string> code;
};
KVT_RECORD(child, id, parent_group, parent_number, place, code);
KVT_TABLE(child, "children",
          .key("id")
              .refers({"parent_group", "parent_number"}, "parents", {"group", "number"})
              .unique({"parent_group", "place"})
              .unique("code"));

struct remark {
    std::string text;
    std::int64_t n = 0;
};
KVT_RECORD(remark, text, n);
KVT_TABLE(remark, "remarks");

/// The message of the refusal, or empty where nothing was refused.
inline parent sample(std::string group, std::int64_t number) {
    parent p;
    p.group = std::move(group), p.number = number;
    return p;
}

template <class S> void read_your_writes(S& s) {
    auto p = sample("g\xC3\xA4\xE6\xBC\xA2", std::numeric_limits<std::int64_t>::min());
    p.weight = 0.1, p.wanted = true, p.shade = shade::dark, p.note = std::string{"a\0b\n'\";--", 9};
    p.size = std::numeric_limits<std::int64_t>::max(), p.share = -1e-300, p.list = {1, -2}, p.place = {0.5, 1e22};
    p.tree = kvt::json::of({{"k", kvt::json::list({1, 2.5, nullptr, "\xF0\x9F\x98\x80"})}}), p.drop = "dropped";
    kvt::store::insert(s, p);
    kvt::store::insert(s, sample("empty", 1));
    auto const back = kvt::store::first<parent>(s, {{"group", p.group}});
    REQUIRE(back);
    CHECK(kvt::dump(kvt::to_json(*back)) == kvt::dump(kvt::to_json(p)));
    auto const bare = kvt::store::first<parent>(s, {{"group", "empty"}});
    CHECK(!bare->note);
    CHECK(!bare->size);
    CHECK(bare->tree.is_null());
    CHECK(kvt::store::count<parent>(s, {{"note", nullptr}}) == 1);
    CHECK(kvt::store::count<parent>(s, {{"note", *p.note}}) == 1);
    CHECK(kvt::store::count<parent>(s, {{"note", "a"}}) == 0);
    CHECK(kvt::store::count<parent>(s, {{"shade", shade::dark}, {"wanted", true}, {"weight", 0.1}}) == 1);
    CHECK(kvt::store::count<parent>(s, {{"weight", 0}}) == 1);  // an integer in a column of numbers
    CHECK(!kvt::store::first<parent>(s, {{"drop", "nothing"}}));
    CHECK(kvt::store::erase<parent>(s) == 2);
    CHECK(kvt::store::count<parent>(s) == 0);
    auto odd = sample("odd", 1);
    odd.share = std::nan("");
    kvt::store::insert(s, odd);  // SQL has no NaN: null where a null may stand
    CHECK(!kvt::store::first<parent>(s)->share);
    odd.number = 2, odd.weight = std::nan("");
    CHECK(holds(refusal([&] { kvt::store::insert(s, odd); }), "parents.weight"));
    kvt::store::erase<parent>(s);
}

template <class S> void upsert_replaces_in_place(S& s) {
    auto p = sample("g", 1);
    kvt::store::upsert(s, p);
    kvt::store::insert(s, child{"c", "g", 1, 0, "x"});
    p.weight = 2, p.note = "later";
    kvt::store::upsert(s, p);  // the row that refers to it stays
    CHECK(kvt::store::count<parent>(s) == 1);
    CHECK(kvt::store::first<parent>(s)->weight == 2);
    CHECK(kvt::store::count<child>(s) == 1);
    kvt::store::upsert(s, child{"c", "g", 1, 0, "x"});  // its own unique values do not stand in its way
    CHECK(holds(refusal([&] { kvt::store::upsert(s, remark{"r", 1}); }), "table remarks"));
    kvt::store::erase<child>(s);
    kvt::store::erase<parent>(s);
}

template <class S> void rules_hold(S& s) {
    kvt::store::insert(s, sample("g", 1));
    kvt::store::insert(s, child{"a", "g", 1, 0, {}});
    auto const twice = refusal([&] { kvt::store::insert(s, sample("g", 1)); });
    CHECK(holds(twice, "table parents"));
    CHECK(holds(twice, "group = \"g\", number = 1"));
    auto const not_unique = refusal([&] { kvt::store::insert(s, child{"b", "g", 1, 0, {}}); });
    CHECK(holds(not_unique, "table children"));
    CHECK(holds(not_unique, "parent_group = \"g\", place = 0"));
    CHECK(holds(refusal([&] { kvt::store::upsert(s, child{"b", "g", 1, 0, {}}); }), "place = 0"));
    auto const dangling = refusal([&] { kvt::store::insert(s, child{"b", "g", 7, 1, {}}); });
    CHECK(holds(dangling, "table children, column parent_group, parent_number"));
    CHECK(holds(dangling, "row of parents"));
    CHECK(holds(dangling, "group = \"g\", number = 7"));
    CHECK(holds(refusal([&] { kvt::store::upsert(s, child{"a", "h", 1, 0, {}}); }), "row of parents"));
    auto const needed = refusal([&] { kvt::store::erase<parent>(s, {{"group", "g"}}); });
    CHECK(holds(needed, "table parents"));
    CHECK(holds(needed, "children"));
    CHECK(kvt::store::count<parent>(s) == 1);
    CHECK(kvt::store::count<child>(s) == 1);
    kvt::store::insert(s, child{"n1", {}, {}, 0, {}});  // nulls refer to nothing and are never equal
    kvt::store::insert(s, child{"n2", {}, {}, 0, {}});
    kvt::store::insert(s, child{"n3", "g", {}, 5, {}});
    CHECK(kvt::store::erase<child>(s) == 4);
    CHECK(kvt::store::erase<parent>(s) == 1);
}

template <class S> void order_is_total(S& s) {
    for (auto const& [group, number, note] :
         std::vector<std::tuple<std::string, std::int64_t, std::optional<std::string>>>{
             {"b", 1, "z"}, {"a", 10, {}}, {"a", 2, "z"}, {"\xC3\xA9", 1, "B"}, {"B", 1, "b"}}) {
        auto p = sample(group, number);
        p.note = note;
        kvt::store::insert(s, p);
    }
    auto const keys = [&](kvt::store::order const& by, std::size_t limit = kvt::store::no_limit) {
        std::string out;
        for (auto const& p : kvt::store::select<parent>(s, {}, by, limit))
            out += p.group + std::to_string(p.number) + " ";
        return out;
    };
    CHECK(keys({}) == "B1 a2 a10 b1 \xC3\xA9"
                      "1 ");  // by primary key: text by bytes, numbers by value
    CHECK(keys({"note"}) == "a10 \xC3\xA9"
                            "1 B1 a2 b1 ");  // null first, ties by primary key
    CHECK(keys({{"note", kvt::store::descending}}) == "a2 b1 B1 \xC3\xA9"
                                                      "1 a10 ");
    CHECK(keys({{"number", kvt::store::descending}, "group"}, 2) == "a10 a2 ");
    for (auto text : {"second", "first"}) kvt::store::insert(s, remark{text, 1});
    CHECK(kvt::store::select<remark>(s).front().text == "second");  // without a key: by insertion
    kvt::store::erase<remark>(s);
    kvt::store::erase<parent>(s);
}

template <class S> void conditions_join_tables(S& s) {
    for (int i = 0; i < 4; ++i) {
        auto p = sample(i % 2 == 0 ? "even" : "odd", i);
        p.weight = i / 2;
        kvt::store::insert(s, p);
        kvt::store::insert(s, child{"c" + std::to_string(i), p.group, i, i, {}});
    }
    using kvt::store::values_of;
    auto const of_heavy = values_of<parent>("number", {{"weight", 1.0}});
    auto const found = kvt::store::select<child>(s, {{"parent_number", of_heavy}});
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == "c2");
    CHECK(kvt::store::count<child>(s, {{"parent_number", of_heavy}, {"parent_group", "odd"}}) == 1);
    CHECK(holds(refusal([&] {
                    (void)kvt::store::count<child>(s, {{"parent_number", values_of<parent>("group")}});
                }),
                "children.parent_number"));
    CHECK(holds(refusal([&] { (void)kvt::store::count<child>(s, {{"idd", "x"}}); }), "expected id"));
    CHECK(holds(refusal([&] { (void)kvt::store::count<child>(s, {{"place", "x"}}); }), "children.place"));
    CHECK(kvt::store::erase<child>(s, {{"parent_number", of_heavy}}) == 2);
    CHECK(kvt::store::erase<child>(s) == 2);
    kvt::store::erase<parent>(s);
}

template <class S> void columns_are_chosen(S& s) {
    using kvt::store::select_columns;
    for (int i = 0; i < 3; ++i) {
        auto p = sample("g", i);
        p.shade = i == 1 ? shade::dark : shade::light, p.list = {i, -i};
        if (i > 0) p.note = "n" + std::to_string(i), p.share = 0.5 * i;
        kvt::store::insert(s, p);
        kvt::store::insert(s, child{"c" + std::to_string(i), "g", i, 10 - i, {}});
    }
    using rows = std::vector<std::tuple<std::optional<std::string>, std::int64_t, laws::shade, std::optional<double>,
                                        std::vector<std::int64_t>>>;
    CHECK(select_columns<&parent::note, &parent::number, &parent::shade, &parent::share, &parent::list>(
              s, {{"group", "g"}}, {{"number", kvt::store::descending}}, 2) ==
          rows{{"n2", 2, shade::light, 1.0, {2, -2}}, {"n1", 1, shade::dark, 0.5, {1, -1}}});
    auto const of_dark = kvt::store::values_of<parent>("number", {{"shade", shade::dark}});
    CHECK(select_columns<&child::place>(s, {{"parent_number", of_dark}}) == std::vector{std::tuple{std::int64_t{9}}});
    auto const by_place = select_columns<&child::id>(s, {}, {"place"});  // ordered by a column that is not chosen
    CHECK(by_place == std::vector<std::tuple<std::string>>{{"c2"}, {"c1"}, {"c0"}});
    CHECK(select_columns<&remark::n>(s).empty());
    kvt::store::erase<child>(s);
    kvt::store::erase<parent>(s);
}

template <class S> void transactions_roll_back_and_nest(S& s) {
    using kvt::store::count;
    using kvt::store::transaction;
    auto const add = [&](std::string id) { kvt::store::insert(s, child{std::move(id), {}, {}, 0, {}}); };
    struct stop {};
    auto const stopped = [&](auto f) {
        try {
            transaction(s, [&] { f(), throw stop{}; });
        } catch (stop const&) {}
    };
    add("before");
    stopped([&] {
        add("x");
        kvt::store::upsert(s, child{"before", {}, {}, 9, {}});
        kvt::store::erase<child>(s, {{"id", "x"}});
        CHECK(count<child>(s) == 1);
    });
    CHECK(kvt::store::first<child>(s)->place == 0);
    CHECK(count<child>(s) == 1);
    auto const result = transaction(s, [&] {
        add("outer");
        stopped([&] {
            add("inner");
            transaction(s, [&] { add("innermost"); });  // goes with the one around it
            CHECK(count<child>(s) == 4);
        });
        CHECK(count<child>(s) == 2);
        CHECK(!refusal([&] { add("outer"); }).empty());  // a refused row leaves the transaction alive
        add("after");
        return 7;
    });
    CHECK(result == 7);
    CHECK(count<child>(s) == 3);
    CHECK(refusal([&] { transaction(s, [&] { add("lost"), add("before"); }); }) != "");
    CHECK(count<child>(s) == 3);
    std::vector<child> const many{{"m1", {}, {}, 0, {}}, {"m2", {}, {}, 0, {}}, {"m1", {}, {}, 0, {}}};
    CHECK(!refusal([&] { kvt::store::insert_all(s, many); }).empty());
    CHECK(count<child>(s) == 3);
    kvt::store::erase<child>(s);
}

/// All laws of one store, which must be empty.
template <kvt::store::row_store S> void store_laws(S& s) {
    CHECK(holds(refusal([&] { (void)kvt::store::count<child>(s); }), "table children"));
    CHECK(!kvt::store::has_table<child>(s));
    kvt::store::create_tables<parent, child, remark>(s);
    kvt::store::create_tables<parent, child, remark>(s);
    CHECK(kvt::store::has_table<child>(s));
    read_your_writes(s);
    upsert_replaces_in_place(s);
    rules_hold(s);
    order_is_total(s);
    conditions_join_tables(s);
    columns_are_chosen(s);
    transactions_roll_back_and_nest(s);
    CHECK(s.check().empty());
}

}  // namespace laws
