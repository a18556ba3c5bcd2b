#include "laws/metric.hpp"

#include <kvt/eval/metrics.hpp>

namespace my_lab {
struct length_match {
    static constexpr std::string_view name = "length_match";
    double operator()(std::string_view a, std::string_view b) const { return a.size() == b.size() ? 1 : 0; }
};
KVT_EMPTY_RECORD(length_match);
}  // namespace my_lab

TEST_CASE("every registered metric answers to its own name") {
    kvt::eval::metrics::each([](std::string_view name, auto type) {
        using policy = typename decltype(type)::type;
        static_assert(kvt::eval::metric<policy>);
        CHECK(name == policy::name);
    });
}

TEST_CASE("metrics are found by name, with parameters; others can be added") {
    auto const score = [](auto const& m) { return m("the the", "the the"); };
    using kvt::eval::metrics;
    CHECK(metrics::visit("f1", kvt::parse_json(R"({"overlap": "set"})"), "scoring.metric", score) == 0.5);
    CHECK(metrics::visit("em", {}, "scoring.metric", score) == 1);
    CHECK_THROWS_WITH_AS((void)metrics::visit("fi", {}, "scoring.metric", score),
                         doctest::Contains("scoring.metric: unknown name \"fi\""), kvt::error);
    using mine = metrics::with<"length_match", my_lab::length_match>;
    CHECK(mine::visit("length_match", {}, "scoring.metric", score) == 1);
}
