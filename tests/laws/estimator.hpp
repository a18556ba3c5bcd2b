// Laws of trace::estimator, applied to every model.
#pragma once

#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/trace/estimator.hpp>

#include <algorithm>
#include <cmath>

namespace laws {

/// Rounding of the features moves well-told coefficients by little; others may move along what cannot be told.
inline bool settled(kvt::trace::identifiability const& told) { return told.condition && *told.condition < 1e3; }

inline void check_same(kvt::trace::coefficients const& a, kvt::trace::coefficients const& b, double factor, double tolerance) {
    REQUIRE(std::abs(a.beta0 * factor - b.beta0) <= tolerance * (factor * a.beta0 + 1e-3));
    REQUIRE(std::abs(a.beta1 * factor - b.beta1) <= tolerance * (factor * a.beta1 + 1e-5));
    REQUIRE(std::abs(a.beta2 * factor - b.beta2) <= tolerance * (factor * a.beta2 + 1e-3));
}

/// `slack`: how far rounding may carry, relative to the coefficients.
template <kvt::trace::estimator E> void check_estimator(E const& rule, double slack, int rounds = 1000) {
    using traces::exposed;
    CHECK_FALSE(E::name.empty());
    rule.check();
    kvt::random_stream stream{30, "estimator law"};
    int compared = 0;
    for (int round = 0; round < rounds; ++round) {
        INFO(E::name, " round ", round);
        auto const rows = traces::some_trace(stream);
        auto const found = rule(exposed(rows));
        for (double const b : found.beta.all()) {
            REQUIRE(b >= 0);
            REQUIRE(std::isfinite(b));
        }
        REQUIRE(kvt::dump(kvt::to_json(rule(exposed(rows)))) == kvt::dump(kvt::to_json(found)));  // equal input, equal bits
        if (!settled(found.told)) continue;
        ++compared;

        auto moved = rows;
        for (auto& p : moved) p.t_start += 1024, p.t_end += 1024;
        check_same(found.beta, rule(exposed(moved)).beta, 1, slack);

        auto mixed = rows;
        traces::shuffle(mixed, stream);
        check_same(found.beta, rule(exposed(mixed)).beta, 1, slack);
    }
    CHECK(compared > rounds / 4);

    // A decode that runs alone: steps and decode tokens cannot be told apart, and the steps are meant.
    auto const alone = rule(exposed({{"a", kvt::trace::phase_kind::decode, 0, 1.5, 0, 6}}));
    CHECK(alone.beta.beta0 == doctest::Approx(0.25).epsilon(1e-14));
    CHECK(alone.beta.beta1 == 0);
    CHECK(alone.beta.beta2 == 0);
    CHECK_FALSE(alone.told.identifiable);
    CHECK(alone.told.cannot_tell == std::vector<std::string>{"beta0", "beta1", "beta2"});
}

}  // namespace laws
