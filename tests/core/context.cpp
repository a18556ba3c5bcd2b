#include <doctest/doctest.h>
#include <kvt/core/context.hpp>

#include <string>
#include <vector>

namespace {

std::vector<std::string> log;

struct noisy {
    std::string name;
    explicit noisy(std::string n) : name{std::move(n)} {}
    noisy(noisy&& other) noexcept : name{std::exchange(other.name, {})} {}
    ~noisy() {
        if (!name.empty()) log.push_back(name);
    }
};
struct other : noisy {
    using noisy::noisy;
};

/// A service found under another type than its own.
struct view {
    int value;
    explicit view(struct backing const& b);
};
struct backing {
    using service = view;
    int value = 7;
};
view::view(backing const& b) : value{b.value} {}

}  // namespace

TEST_CASE("services are found by type, replaced, and destroyed last first") {
    log.clear();
    {
        kvt::run_context context{noisy{"first"}, other{"second"}};
        CHECK(context.get<noisy>().name == "first");
        CHECK(context.get<other>().name == "second");
        CHECK(context.find<int>() == nullptr);
        context.provide(noisy{"third"});
        CHECK(context.get<noisy>().name == "third");
    }
    CHECK(log == std::vector<std::string>{"third", "second", "first"});
}

TEST_CASE("services that were taken over before one that throws are ended") {
    struct refusing {
        refusing() = default;
        refusing(refusing&&) { throw 1; }
    };
    log.clear();
    CHECK_THROWS_AS((kvt::run_context{noisy{"taken over"}, refusing{}}), int);
    CHECK(log == std::vector<std::string>{"taken over"});
}

TEST_CASE("a service may name the type it is found under") {
    kvt::run_context context{backing{}};
    CHECK(context.get<view>().value == 7);
    CHECK(context.find<backing>() == nullptr);
    backing again{9};
    context.provide(again);
    CHECK(context.get<view>().value == 9);
}

TEST_CASE("what is not there is asked for in words") {
    kvt::run_context const context;
    CHECK_THROWS_WITH_AS((void)context.get<int>("a number"), "context: a stage needs a number", kvt::error);
}

TEST_CASE("streams follow the context's seed") {
    kvt::run_context context;
    CHECK(context.seed == 1337);
    CHECK(context.stream("a").state() == kvt::random_stream{1337, "a"}.state());
    context.seed = 5;
    CHECK(context.stream("a").state() == kvt::random_stream{5, "a"}.state());
}

TEST_CASE("the clock is the system's unless it is replaced") {
    kvt::run_context context;
    auto const now = context.utc_now();
    REQUIRE(now.size() == 20);
    CHECK(now.starts_with("20"));
    CHECK(now[10] == 'T');
    CHECK(now.ends_with("Z"));
    auto const before = context.seconds();
    context.sleep(0.02);
    CHECK(context.seconds() - before >= 0.02);

    static double slept = 0;
    context.clock = {.seconds = [] { return 42.0; },
                     .utc_now = [] { return std::string{"then"}; },
                     .sleep = [](double s) { slept += s; }};
    CHECK(context.utc_now() == "then");
    CHECK(context.seconds() == 42.0);
    context.sleep(3600);
    CHECK(slept == 3600);
}

TEST_CASE("a stop is seen, and ends a sleep") {
    kvt::run_context context;
    CHECK_FALSE(context.stop_requested());
    context.request_stop();
    CHECK(context.stop_requested());
    auto const before = context.seconds();
    context.sleep(3600);
    CHECK(context.seconds() - before < 5);
}

TEST_CASE("written files are noted in order") {
    kvt::run_context context;
    context.wrote("a");
    context.wrote("b");
    CHECK(context.written() == std::vector<std::string>{"a", "b"});
}
