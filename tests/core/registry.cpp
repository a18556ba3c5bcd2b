#include <doctest/doctest.h>
#include <kvt/core/registry.hpp>

#include <support/refusal.hpp>

namespace {

struct circle {
    double radius = 1;
    [[nodiscard]] double area() const { return 3 * radius * radius; }
};
KVT_RECORD(circle, radius);

struct square {
    double side = 2;
    [[nodiscard]] double area() const { return side * side; }
};
KVT_RECORD(square, side);

struct point {
    [[nodiscard]] static double area() { return 0; }
};
KVT_EMPTY_RECORD(point);

using shapes = kvt::registry<kvt::entry<"circle", circle>, kvt::entry<"square", square>>;
using more = shapes::with<"point", point>;

constexpr auto area = [](auto const& shape) { return shape.area(); };

std::string refused(std::string_view name, kvt::json const& parameters) {
    return refusal([&] { (void)more::visit(name, parameters, "kv.policy", area); });
}

}  // namespace

TEST_CASE("a name finds its policy, with the parameters given or its defaults") {
    CHECK(shapes::visit("circle", {}, "w", area) == 3.0);
    CHECK(shapes::visit("square", kvt::json::of({{"side", 3}}), "w", area) == 9.0);
    CHECK(more::visit("point", kvt::json::of({}), "w", area) == 0.0);
    std::string seen;
    more::visit("square", {}, "w", [&](auto const& shape) { seen = kvt::dump(kvt::to_json(shape)); });
    CHECK(seen == R"({"side":2.0})");
}

TEST_CASE("the names, in order") {
    CHECK(shapes::names() == std::vector<std::string_view>{"circle", "square"});
    CHECK(more::names() == std::vector<std::string_view>{"circle", "square", "point"});
    std::string listed;
    more::each([&]<class P>(std::string_view name, std::type_identity<P>) {
        listed += std::string{name} + kvt::dump(kvt::to_json(P{})) + " ";
    });
    CHECK(listed == R"(circle{"radius":1.0} square{"side":2.0} point{} )");
}

TEST_CASE("refusals name the key and what there is") {
    CHECK(refused("cirle", {}) ==
          "kv.policy: unknown name \"cirle\" (did you mean circle?); expected one of circle, square, point");
    CHECK(refused("triangle", {}) == "kv.policy: unknown name \"triangle\"; expected one of circle, square, point");
    CHECK(refused("", {}) == "kv.policy: unknown name \"\"; expected one of circle, square, point");
    CHECK(refused("circle", kvt::json::of({{"radus", 1}})) ==
          "kv.policy.circle.radus: unknown key (did you mean \"radius\"?)");
    CHECK(refused("circle", kvt::json::of({{"radius", "x"}})) ==
          "kv.policy.circle.radius: found a string; expected a number");
    CHECK(refused("point", kvt::json::of({{"x", 1}})) == "kv.policy.point.x: unknown key");
    CHECK(refused("point", kvt::json::list({})) == "kv.policy.point: found a list; expected a mapping");
}
