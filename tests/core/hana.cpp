// The same record through Hana's algorithms, which work with each member's own type.
#include "creature.hpp"

#include <doctest/doctest.h>
#include <kvt/core/hana.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/members.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>

namespace hana = boost::hana;

TEST_CASE("names and values come in the record's order") {
    creature::limb const arm{"arm", 2.5, 5};
    std::string names;
    hana::for_each(arm, [&](auto const& pair) { names += std::string{hana::first(pair).c_str()} + " "; });
    CHECK(names == "name length toes ");
    CHECK(hana::at_key(arm, BOOST_HANA_STRING("length")) == 2.5);
    auto const& toes = hana::at_key(arm, BOOST_HANA_STRING("toes"));
    static_assert(std::same_as<std::remove_cvref_t<decltype(toes)>, std::optional<std::int64_t>>);
    CHECK(toes == 5);
}

TEST_CASE("members can be changed in place") {
    creature::limb leg;
    hana::at_key(leg, BOOST_HANA_STRING("name")) = "other";
    CHECK(leg.name == "other");
}

TEST_CASE("the table and the Hana view agree on every member") {
    kvt::random_stream stream{8, "hana"};
    for (int i = 0; i < 50; ++i) {
        auto const a = creature::any_animal(stream);
        std::size_t index = 0, wrong = 0;
        hana::for_each(a, [&](auto const& pair) {
            auto const& f = kvt::fields_of<creature::animal>()[index++];
            wrong += f.name == hana::first(pair).c_str() ? 0 : 1;
        });
        CHECK(index == kvt::fields_of<creature::animal>().size());
        CHECK(wrong == 0);
        CHECK(hana::at_key(a, BOOST_HANA_STRING("matrix")) == a.matrix);
        CHECK(hana::at_key(a, BOOST_HANA_STRING("extra")) == a.extra);
    }
}
