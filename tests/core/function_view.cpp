#include <doctest/doctest.h>
#include <kvt/core/function_view.hpp>

#include <string>

namespace {
int twice(kvt::function_view<int(int)> f) { return f(f(1)); }
}  // namespace

TEST_CASE("a view calls the object it refers to") {
    int calls = 0;
    CHECK(twice([&](int v) {
              ++calls;
              return v + 2;
          }) == 5);
    CHECK(calls == 2);
    struct counter {
        int total = 0;
        int operator()(int v) { return total += v; }
    } c;
    CHECK(twice(c) == 2);
    CHECK(c.total == 2);
    auto const constant = [](int v) { return v * 10; };
    CHECK(twice(constant) == 100);
    kvt::function_view<int(int)> const view = constant, copy = view;
    CHECK(copy(3) == 30);
}

TEST_CASE("arguments are passed on as they are") {
    std::string moved;
    auto const take = [&](std::string&& text) { moved = std::move(text); };
    kvt::function_view<void(std::string &&)> const view = take;
    view("word");
    CHECK(moved == "word");
    static_assert(sizeof(view) == 2 * sizeof(void*));
    static_assert(!std::is_constructible_v<kvt::function_view<int(int)>, int>);
    static_assert(!std::is_constructible_v<kvt::function_view<int(int)>, std::string>);
}
