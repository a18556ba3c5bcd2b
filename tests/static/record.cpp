// Records: what is one, and what its table says at compile time.
#include <kvt/core/hana.hpp>
#include <kvt/core/record.hpp>
#include <kvt/core/registry.hpp>

#include <boost/hana/keys.hpp>
#include <boost/hana/length.hpp>

#include <type_traits>

namespace room {

enum class colour : std::uint8_t { red, green };
KVT_CHOICE(colour, "red", "green");

struct inner {
    bool on = false;
};
KVT_RECORD(inner, on);

struct outer {
    std::int64_t count = 0;
    double share = 0;
    std::string text;
    colour paint = colour::red;
    std::optional<double> maybe;
    std::vector<inner> parts;
};
KVT_RECORD(outer, count, share, text, paint, maybe, parts);

struct nothing {};
KVT_EMPTY_RECORD(nothing);

struct plain {
    int n = 0;
};

}  // namespace room

namespace {

using kvt::field_kind;

static_assert(kvt::record<room::outer> && kvt::record<room::inner> && kvt::record<room::nothing>);
static_assert(!kvt::record<room::plain> && !kvt::record<int> && !kvt::record<room::colour>);
static_assert(kvt::choice<room::colour> && !kvt::choice<kvt::field_kind> && !kvt::choice<int>);

static_assert(kvt::fields_of<room::nothing>().empty());
static_assert(kvt::fields_of<room::outer>().size() == 6);
static_assert(kvt::fields_of<room::outer>()[3].name == "paint");
static_assert(kvt::fields_of<room::outer>()[0].type->kind == field_kind::integer);
static_assert(kvt::fields_of<room::outer>()[1].type->kind == field_kind::real);
static_assert(kvt::fields_of<room::outer>()[2].type->kind == field_kind::text);
static_assert(kvt::fields_of<room::outer>()[3].type->kind == field_kind::choice);
static_assert(kvt::fields_of<room::outer>()[4].type->element->kind == field_kind::real);
static_assert(kvt::fields_of<room::outer>()[5].type->element->kind == field_kind::record);
static_assert(kvt::fields_of<room::outer>()[5].type->element->fields.size() == 1);

static_assert(kvt::name_of(room::colour::green) == "green");
static_assert(kvt::choice_of<room::colour>("red") == room::colour::red);
static_assert(!kvt::choice_of<room::colour>("blue"));

// Every record is a Hana Struct.
static_assert(boost::hana::Struct<room::outer>::value && !boost::hana::Struct<room::plain>::value);
static_assert(decltype(boost::hana::length(boost::hana::accessors<room::outer>()))::value == 6);

// A registry finds by name, and grows without change to the one it grew from.
using small = kvt::registry<kvt::entry<"nothing", room::nothing>>;
using large = small::with<"inner", room::inner>;
static_assert(small::contains<"nothing"> && !small::contains<"inner"> && large::contains<"inner">);
static_assert(std::same_as<large::get<"nothing">, room::nothing> && std::same_as<large::get<"inner">, room::inner>);

}  // namespace
