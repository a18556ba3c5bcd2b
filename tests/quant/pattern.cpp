#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/quant/pattern.hpp>

#include <algorithm>
#include <limits>

namespace quant = kvt::quant;
using quant::pattern;

namespace {
std::vector<quant::violation> at(std::vector<std::int64_t> const& boundaries, double jump) {
    std::vector<quant::violation> out;
    for (auto const i : boundaries) out.push_back({i, jump, 0, quant::severity_of(jump)});
    return out;
}
std::vector<pattern> found(std::vector<std::int64_t> const& boundaries, std::int64_t of, double jump = 0.4) {
    return quant::find_patterns(at(boundaries, jump), of).patterns;
}
}  // namespace

TEST_CASE("the two first, the two last, most of them, a single switch, or none of these") {
    CHECK(found({}, 3) == std::vector{pattern::none});
    CHECK(found({0, 1}, 9) == std::vector{pattern::early});
    CHECK(found({7, 8}, 9) == std::vector{pattern::late});
    CHECK(found({0}, 2) == std::vector{pattern::early});
    CHECK(found({1}, 2) == std::vector{pattern::late});
    CHECK(found({1}, 3) == std::vector{pattern::early});  // of three boundaries the middle one counts as early
    CHECK(found({0}, 1) == std::vector{pattern::scattered});
    CHECK(found({0, 1, 2}, 4) == std::vector{pattern::uniform});
    CHECK(found({0, 2}, 4) == std::vector{pattern::scattered});
    CHECK(found({0, 1}, 2, 0.9) == std::vector{pattern::uniform});
    CHECK(found({4}, 9, 0.9) == std::vector{pattern::high_severity});
    CHECK(found({0, 1}, 9, 0.9) == std::vector{pattern::early, pattern::high_severity});
    CHECK(found({2, 4, 5, 6}, 9, 0.9) == std::vector{pattern::scattered});  // four are no single switch
}

TEST_CASE("lines say it in a fixed order") {
    auto violations = at({0, 4, 7}, 0.6);
    violations[1] = {4, 0.2, 0, quant::severity::low};
    CHECK(quant::find_patterns(violations, 9).lines ==
          std::vector<std::string>{"severity_high: 2/3 (66.7%)", "severity_low: 1/3 (33.3%)", "boundaries: 0,4,7",
                                   "pattern: high_severity", "scale_jumps: max=60.0% mean=46.7%"});
    CHECK(quant::find_patterns({}, 9).lines == std::vector<std::string>{"none: no violations"});
    auto const endless = at({1}, std::numeric_limits<double>::infinity());
    CHECK(quant::find_patterns(endless, 9).lines.back() == "scale_jumps: max=inf% mean=inf%");
}

TEST_CASE("causes and remedies are there for what has one") {
    CHECK(quant::cause_of(pattern::none).empty());
    CHECK(quant::remedy_of(pattern::none).empty());
    for (auto const p : {pattern::early, pattern::late, pattern::uniform, pattern::high_severity, pattern::scattered}) {
        CHECK_FALSE(quant::cause_of(p).empty());
        CHECK_FALSE(quant::remedy_of(p).empty());
    }
}

TEST_CASE("a thousand sets of violations: always a pattern, counts that add up, never uniform and high severity") {
    kvt::random_stream stream{4, "patterns"};
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        auto const boundaries = static_cast<std::int64_t>(1 + stream.below(12));
        std::vector<quant::violation> violations;
        for (std::int64_t i = 0; i < boundaries; ++i)
            if (stream.below(3) == 0) {
                double const jump = 2 * stream.unit();
                violations.push_back({i, jump, 0, quant::severity_of(jump)});
            }
        auto const s = quant::find_patterns(violations, boundaries);
        REQUIRE_FALSE(s.patterns.empty());
        REQUIRE(std::ranges::is_sorted(s.patterns));
        REQUIRE(s.counts.low + s.counts.medium + s.counts.high == std::ssize(violations));
        auto const has = [&](pattern p) { return std::ranges::find(s.patterns, p) != s.patterns.end(); };
        REQUIRE(has(pattern::none) == violations.empty());
        REQUIRE_FALSE((has(pattern::uniform) && has(pattern::high_severity)));
        REQUIRE_FALSE((has(pattern::early) && has(pattern::late)));
        REQUIRE((!has(pattern::scattered) || s.patterns.size() == 1));
        REQUIRE(s.max_scale_jump >= s.mean_scale_jump - 1e-12);
    }
}
