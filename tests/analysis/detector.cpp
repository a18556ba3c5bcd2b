#include "laws/detector.hpp"

#include <kvt/analysis/detail/ordered.hpp>
#include <kvt/analysis/detectors.hpp>

using namespace kvt::analysis;

namespace my_lab {
/// Fires where the last bin alone falls to half.
struct tail_halves {
    static constexpr std::string_view name = "tail_halves";
    double share = 0.5;
    [[nodiscard]] transition operator()(curve runs) const {
        transition out{.method = std::string{name}};
        std::optional<double> base;
        auto order = kvt::analysis::detail::ordered(runs);
        for (auto const& run : order) {
            if (run.bins.empty() || !run.bins.back().acc_mean) continue;
            double const acc = *run.bins.back().acc_mean;
            if (!base) base = acc, out.pre_budget = run.budget, out.acc_pre = acc;
            else if (acc <= share * *base && base > 0) {
                out.transition_budget = run.budget, out.acc_post = acc, out.drop = *out.acc_pre - acc;
                return out;
            }
        }
        return {.method = std::string{name}};
    }
};
KVT_RECORD(tail_halves, share);
}  // namespace my_lab

TEST_CASE("every registered detector keeps the laws and answers to its own name") {
    detectors::each([](std::string_view name, auto type) {
        using policy = typename decltype(type)::type;
        CHECK(name == policy::name);
        laws::check_detector(policy{});
        if constexpr (transition_detector<policy>) laws::check_transition_detector(policy{});
    });
    static_assert(transition_detector<mean_drop> && transition_detector<no_detector>);
    static_assert(detector<instability> && !transition_detector<instability>);
    static_assert(!detector<int>);
}

TEST_CASE("a detector of one's own takes part under the name it was given") {
    laws::check_transition_detector(my_lab::tail_halves{});
    using mine = detectors::with<"tail_halves", my_lab::tail_halves>;
    laws::sweep runs(2);
    runs[1].budget = 0.2;
    runs[0].bins = {{.bin_idx = 0, .acc_mean = 0.8}};
    runs[1].bins = {{.bin_idx = 0, .acc_mean = 0.5}};
    auto const found = [&](std::string_view parameters) {
        return mine::visit("tail_halves", kvt::parse_json(parameters), "analysis.detector",
                           [&](auto const& rule) { return kvt::to_json(rule(runs)); });
    };
    CHECK(found(R"({"share": 0.7})").at("transition_budget").real() == 0.2);
    CHECK(found("null").at("transition_budget").is_null());
    CHECK_THROWS_WITH_AS((void)mine::visit("mean_dorp", {}, "analysis.detector", [](auto const&) { return 0; }),
                         doctest::Contains("one of overall_mean_drop"), kvt::error);
}

TEST_CASE("results of any kind go to the store as JSON") {
    laws::sweep const runs(1);
    detectors::each([&](std::string_view name, auto type) {
        INFO(name);
        CHECK(kvt::to_json(typename decltype(type)::type{}(runs)).is_object());
    });
}
