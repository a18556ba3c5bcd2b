#include "laws/estimator.hpp"
#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/iterative.hpp>

#include <limits>

using namespace kvt::trace;
using traces::exposed;

namespace {

constexpr chunk_correction corrections[] = {chunk_correction::none, chunk_correction::uniform, chunk_correction::end,
                                            chunk_correction::end_inside, chunk_correction::beta_informed};

// One iteration by its definition: every row walks its segments, in extended precision.
struct plain_iteration {
    using real = long double;
    std::vector<real> rate, taken, pressure, prefill, decode;
    real placed = 0;

    plain_iteration(exposure const& x, coefficients const& b, std::vector<double> const& before, chunk_correction how) {
        std::size_t const segments = x.segments();
        rate.resize(segments), taken.resize(segments), pressure.resize(segments);
        for (std::size_t j = 0; j < segments; ++j) {
            real const t = static_cast<real>(b.beta0) + static_cast<real>(b.beta1) * before[j] +
                           static_cast<real>(b.beta2) * x.decode_pressure[j];
            rate[j] = 1 / std::max<real>(t, 1e-12L);
        }
        if (how != chunk_correction::beta_informed) {
            auto const fixed = correction_rate(x, how);
            for (std::size_t j = 0; j < segments; ++j) taken[j] = fixed[j] / std::max<real>(rate[j], 1e-12L);
        } else {
            auto const missing = missing_tokens(x);
            for (std::size_t i = 0; i < x.rows.size(); ++i)
                if (missing[i] > 0 && x.rows.steps[i] > 0) place(x, i, missing[i]);
        }
        for (std::size_t j = 0; j < segments; ++j) pressure[j] = std::max<real>(0, x.prefill_pressure[j] - taken[j]);
        for (std::size_t i = 0; i < x.rows.size(); ++i) {
            real steps = 0, p = 0, d = 0;
            for (std::size_t j = x.first[i]; j < x.last[i]; ++j) {
                real const s = rate[j] * length(x, j);
                steps += s, p += pressure[j] * s, d += x.decode_pressure[j] * s;
            }
            prefill.push_back(x.rows.steps[i] * p / steps), decode.push_back(x.rows.steps[i] * d / steps);
        }
    }

  private:
    static real length(exposure const& x, std::size_t j) { return static_cast<real>(x.grid[j + 1]) - x.grid[j]; }
    void place(exposure const& x, std::size_t i, real missing) {
        real all = 0;
        for (std::size_t j = x.first[i]; j < x.last[i]; ++j) all += rate[j] * length(x, j);
        real const target = std::max<real>(0, all - all / x.rows.steps[i]);
        real mass = 0, last_step = all - target;
        for (std::size_t j = x.first[i]; j < x.last[i]; ++j) {
            real const here = rate[j] * length(x, j),
                       cut = std::clamp<real>((target - mass) / rate[j], 0, length(x, j));
            mass += here;
            real const held = length(x, j) - cut;
            taken[j] += missing * held / last_step / length(x, j);
            placed += missing * rate[j] * held / last_step;
        }
    }
};

double relative(long double a, double b) { return static_cast<double>(std::abs(a - b) / (1 + std::abs(a))); }

coefficients some_betas(kvt::random_stream& stream) {
    auto const one = [&](double scale) { return stream.below(5) == 0 ? 0.0 : scale * (0.1 + stream.unit()); };
    return {0.001 + one(0.05), one(1e-3), one(0.01)};
}

}  // namespace

TEST_CASE("the worked example's first iteration") {
    auto const x = exposed(traces::four_phases());
    auto const b = baseline{}(x).beta;
    auto const w = reweigh(x, b, x.prefill_pressure, chunk_correction::beta_informed);
    CHECK(w.rate[0] == doctest::Approx(1.0897645520).epsilon(1e-9));
    CHECK(w.taken[0] * w.rate[0] == doctest::Approx(32.0 / 3).epsilon(1e-12));
    CHECK(w.taken[1] * w.rate[1] == doctest::Approx(64.0 / 3).epsilon(1e-12));
    CHECK(w.taken[2] == 0);
    CHECK(w.pressure[1] == doctest::Approx(88.8478119530).epsilon(1e-9));
    CHECK(w.prefill[0] == doctest::Approx(131.5144786).epsilon(1e-9));
    CHECK(w.decode[1] == doctest::Approx(5.6952161).epsilon(1e-7));
    auto method = iterative::preset(iterative_preset::published);
    auto const found = method(x);
    CHECK(found.converged);
    CHECK(found.n_outer_iters == 7);
    CHECK(found.beta.beta1 == doctest::Approx(0.016304529883451824).epsilon(1e-10));
    CHECK(found.beta.beta2 == doctest::Approx(0.5662300313808896).epsilon(1e-10));
    CHECK(found.history.beta.size() == 8);
    CHECK(found.history.delta_l2.size() == 7);
    method.init_correction = chunk_correction::uniform;
    CHECK(method(x).beta.beta1 == doctest::Approx(0.01630448295925483).epsilon(1e-10));
}

TEST_CASE("the laws of an estimator") {
    laws::check_estimator(iterative{.max_outer_iters = 12}, 1e-5);
    laws::check_estimator(iterative{.prefill_correction = chunk_correction::end_inside, .max_outer_iters = 12}, 1e-5);
}

TEST_CASE("one iteration equals its definition in extended precision") {
    kvt::random_stream stream{11, "iteration"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        for (auto const how : corrections) {
            INFO(kvt::name_of(how));
            auto const b = some_betas(stream);
            plain_iteration const first{x, b, x.prefill_pressure, how};
            auto const got = reweigh(x, b, x.prefill_pressure, how);
            for (std::size_t j = 0; j < x.segments(); ++j)
                REQUIRE(relative(first.pressure[j], got.pressure[j]) < 1e-11);
            for (std::size_t i = 0; i < x.rows.size(); ++i) {
                REQUIRE(relative(first.prefill[i], got.prefill[i]) < 1e-10);
                REQUIRE(relative(first.decode[i], got.decode[i]) < 1e-10);
            }
            auto const c = some_betas(stream);
            plain_iteration const second{x, c, got.pressure, how};
            auto const again = reweigh(x, c, got.pressure, how);
            for (std::size_t i = 0; i < x.rows.size(); ++i)
                REQUIRE(relative(second.prefill[i], again.prefill[i]) < 1e-10);
        }
    }
}

TEST_CASE("beta_informed places all that chunks lack") {
    kvt::random_stream stream{12, "placed"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        auto const w = reweigh(x, some_betas(stream), x.prefill_pressure, chunk_correction::beta_informed);
        double placed = 0, missing = 0;
        for (std::size_t j = 0; j < x.segments(); ++j) placed += w.taken[j] * w.rate[j] * x.length(j);
        auto const m = missing_tokens(x);
        for (std::size_t i = 0; i < m.size(); ++i) missing += x.rows.steps[i] > 0 ? m[i] : 0;
        REQUIRE(placed == doctest::Approx(missing).epsilon(1e-11));
    }
}

TEST_CASE("with equal steps everywhere a feature is the average over time") {
    kvt::random_stream stream{13, "constant"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        auto const w = reweigh(x, {0.25, 0, 0}, x.prefill_pressure, chunk_correction::none);
        for (std::size_t i = 0; i < x.rows.size(); ++i) {
            REQUIRE(w.prefill[i] == doctest::Approx(x.prefill[i]).epsilon(1e-12));
            REQUIRE(w.decode[i] == doctest::Approx(x.decode[i]).epsilon(1e-12));
        }
    }
}

TEST_CASE("phases that never meet are fitted at once") {
    kvt::random_stream stream{14, "disjoint"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        std::vector<phase> rows;
        double now = 0;
        for (auto count = 1 + stream.below(12); count > 0; --count) {
            bool const prefill = stream.below(2) == 0;
            double const y = traces::tick(stream, 200), tokens = static_cast<double>(1 + stream.below(300));
            rows.push_back({std::to_string(count), prefill ? phase_kind::prefill : phase_kind::decode, now, now + y,
                            tokens, tokens});
            now += y + static_cast<double>(stream.below(2));
        }
        auto const x = exposed(rows);
        auto method = iterative::preset(iterative_preset::published);
        method.prefill_correction = method.init_correction = chunk_correction::none;
        auto const found = method(x);
        REQUIRE(found.converged);
        REQUIRE(found.n_outer_iters == 1);
        laws::check_same(baseline{chunk_correction::none}(x).beta, found.beta, 1, 1e-9);
    }
}

TEST_CASE("whole chunks leave nothing to correct") {
    kvt::random_stream stream{15, "whole"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream, {.whole_chunks = true}));
        iterative const none{.prefill_correction = chunk_correction::none, .max_outer_iters = 8};
        auto const expected = none(x).beta;
        for (auto const how : corrections)
            REQUIRE(iterative{.prefill_correction = how, .max_outer_iters = 8}(x).beta == expected);
    }
}

TEST_CASE("slower by a power of two costs as much more, exactly") {
    kvt::random_stream stream{16, "scale"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const rows = traces::some_trace(stream);
        auto slow = rows;
        for (auto& p : slow) p.t_start *= 4, p.t_end *= 4;
        // Where every cost is above the floor; the floor itself does not scale.
        auto const w =
            reweigh(exposed(rows), {0.25, 1e-4, 1e-3}, exposed(rows).prefill_pressure, chunk_correction::beta_informed);
        auto const v =
            reweigh(exposed(slow), {1, 4e-4, 4e-3}, exposed(slow).prefill_pressure, chunk_correction::beta_informed);
        REQUIRE(w.prefill == v.prefill);
        REQUIRE(w.decode == v.decode);
        auto const a = iterative{.max_outer_iters = 8}(exposed(rows)),
                   b = iterative{.max_outer_iters = 8, .tol = 4e-9}(exposed(slow));
        if (!laws::settled(a.told)) continue;
        laws::check_same(a.beta, b.beta, 4, 1e-6);
    }
}

TEST_CASE("a longer idle gap changes nothing") {
    kvt::random_stream stream{17, "gap"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const early = traces::some_trace(stream), late = traces::some_trace(stream);
        auto const near = exposed(traces::with_gap(early, late, 1)), far = exposed(traces::with_gap(early, late, 4096));
        auto const b = some_betas(stream);
        for (auto const how : corrections) {
            auto const w = reweigh(near, b, near.prefill_pressure, how), v = reweigh(far, b, far.prefill_pressure, how);
            for (std::size_t i = 0; i < near.rows.size(); ++i) {
                REQUIRE(w.prefill[i] == doctest::Approx(v.prefill[i]).epsilon(1e-10));
                REQUIRE(w.decode[i] == doctest::Approx(v.decode[i]).epsilon(1e-10));
            }
        }
    }
}

TEST_CASE("steps at the floor do not blur those beside them") {
    // Without an overhead a segment with decodes alone and beta2 = 0 holds 1e12 steps a second.
    auto const x = exposed({{"a", phase_kind::prefill, 0, 1, 96, 0},
                            {"b", phase_kind::decode, 1.5, 3, 0, 5},
                            {"c", phase_kind::prefill, 4, 5, 96, 0},
                            {"d", phase_kind::decode, 4, 5, 0, 5}});
    coefficients const b{0, 1e-3, 0};
    auto const w = reweigh(x, b, x.prefill_pressure, chunk_correction::beta_informed);
    CHECK(w.floored == 1);
    plain_iteration const plain{x, b, x.prefill_pressure, chunk_correction::beta_informed};
    for (std::size_t i = 0; i < x.rows.size(); ++i) {
        CHECK(relative(plain.prefill[i], w.prefill[i]) < 1e-13);
        CHECK(relative(plain.decode[i], w.decode[i]) < 1e-13);
    }
}

TEST_CASE("presets and refusals") {
    CHECK(iterative{}.damping == 0.2);
    CHECK(kvt::dump(kvt::to_json(iterative::preset(iterative_preset::robust))) == kvt::dump(kvt::to_json(iterative{})));
    auto const published = iterative::preset(iterative_preset::published);
    CHECK(published.init_correction == chunk_correction::end);
    CHECK(published.max_outer_iters == 25);
    CHECK(published.pressure_damping == 1);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    for (auto const& bad :
         {iterative{.init_correction = chunk_correction::beta_informed}, iterative{.max_outer_iters = 0},
          iterative{.tol = 0}, iterative{.tol = nan}, iterative{.tol = inf}, iterative{.damping = 0},
          iterative{.damping = 1.5}, iterative{.damping = nan}, iterative{.pressure_damping = 0},
          iterative{.pressure_damping = 1.1}})
        CHECK(error_of<trace_error>([&] { bad.check(); })->code() == fault::bad_option);
}
