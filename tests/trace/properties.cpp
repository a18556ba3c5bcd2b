// Whole estimators against plain ones: the best of all supports, in extended precision; and what an iteration's figures do
// when time is stretched, moved or shuffled.
#include "laws/estimator.hpp"

#include <kvt/trace/iterative.hpp>

#include <array>

using namespace kvt::trace;
using traces::exposed;

namespace {

using real = long double;

/// The least residual over all choices of columns whose coefficients are not negative (normal equations, elimination).
real least_residual(exposure const& x, std::span<double const> prefill, std::span<double const> decode) {
    std::array<std::array<real, 4>, 4> gram{};
    for (std::size_t i = 0; i < x.rows.size(); ++i) {
        std::array<real, 4> const row{x.rows.steps[i], prefill[i], decode[i], x.rows.duration[i]};
        for (std::size_t a = 0; a < 4; ++a)
            for (std::size_t b = 0; b < 4; ++b) gram[a][b] += row[a] * row[b];
    }
    real best = gram[3][3];
    for (unsigned chosen = 1; chosen < 8; ++chosen) {
        auto g = gram;
        bool independent = true, inside = true;
        for (std::size_t k = 0; k < 3; ++k) {
            if (((chosen >> k) & 1) == 0) continue;
            if (!(g[k][k] > 1e-13L * gram[k][k])) {
                independent = false;
                break;
            }
            for (std::size_t r = 0; r < 4; ++r) {  // all other rows lose column k
                real const factor = g[r][k] / g[k][k];
                for (std::size_t c = 0; c < 4 && r != k; ++c) g[r][c] -= factor * g[k][c];
            }
        }
        for (std::size_t k = 0; k < 3 && independent; ++k)
            if (((chosen >> k) & 1) != 0) inside = inside && g[k][3] / g[k][k] >= 0;
        if (independent && inside) best = std::min(best, g[3][3]);
    }
    return std::max<real>(best, 0);
}

real residual(exposure const& x, std::span<double const> prefill, std::span<double const> decode,
              coefficients const& b) {
    real out = 0;
    for (std::size_t i = 0; i < x.rows.size(); ++i) {
        real const e = b.beta0 * static_cast<real>(x.rows.steps[i]) + b.beta1 * static_cast<real>(prefill[i]) +
                       b.beta2 * static_cast<real>(decode[i]) - x.rows.duration[i];
        out += e * e;
    }
    return out;
}

real squares(exposure const& x) {
    real out = 0;
    for (double const y : x.rows.duration) out += static_cast<real>(y) * y;
    return out;
}

}  // namespace

TEST_CASE("no coefficients fit better than the baseline's") {
    kvt::random_stream stream{80, "baseline against all supports"};
    for (int round = 0; round < 1500; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream), 64, stream.below(2) == 0 ? 0 : 0.5);
        for (auto const how :
             {chunk_correction::none, chunk_correction::uniform, chunk_correction::end, chunk_correction::end_inside}) {
            auto const a = prefill_exposure(x, how);
            auto const found = baseline{how}(x);
            real const mine = residual(x, a, x.decode, found.beta), least = least_residual(x, a, x.decode);
            REQUIRE(static_cast<double>(mine - least) <= 1e-10 * static_cast<double>(squares(x)));
            auto const n = static_cast<double>(x.rows.size());
            REQUIRE(found.diagnostics.rmse_seconds ==
                    doctest::Approx(std::sqrt(static_cast<double>(mine) / n)).epsilon(1e-6).scale(1));
        }
    }
}

TEST_CASE("an undamped iteration is the best fit on its features") {
    kvt::random_stream stream{81, "iteration against all supports"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        iterative const once{.max_outer_iters = 1, .damping = 1};
        auto const start = baseline{once.init_correction}(x).beta;
        auto const w = reweigh(x, start, x.prefill_pressure, once.prefill_correction);
        auto const found = once(x);
        real const mine = residual(x, w.prefill, w.decode, found.beta), least = least_residual(x, w.prefill, w.decode);
        REQUIRE(static_cast<double>(mine - least) <= 1e-10 * static_cast<double>(squares(x)));
        REQUIRE(found.history.beta.front() == std::vector<double>{start.beta0, start.beta1, start.beta2});
    }
}

TEST_CASE("a damped iteration goes its share of the way") {
    kvt::random_stream stream{82, "damping"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        double const share = 0.05 + 0.9 * stream.unit();
        auto const full = iterative{.max_outer_iters = 1, .damping = 1}(x),
                   part = iterative{.max_outer_iters = 1, .damping = share}(x);
        for (std::size_t k = 0; k < 3; ++k) {
            double const from = full.history.beta[0][k], to = full.history.beta[1][k];
            REQUIRE(part.history.beta[1][k] == doctest::Approx((1 - share) * from + share * to).epsilon(1e-12));
        }
        REQUIRE(part.history.r2 == full.history.r2);  // both describe the fit, not the way to it
    }
}

TEST_CASE("an iteration's figures under stretched, moved and shuffled time") {
    kvt::random_stream stream{83, "iteration figures"};
    int compared = 0;
    for (int round = 0; round < 20'000 && compared < 1000; ++round) {
        INFO("round ", round);
        auto const rows = traces::some_trace(stream, {.requests = 20});
        iterative method{.max_outer_iters = 4};
        auto const found = method(exposed(rows));
        bool floor = false;
        for (auto const& b : found.history.beta)
            floor = floor || b[0] == 0;  // such steps may be at a floor, which does not scale
        if (!laws::settled(found.told) || floor) continue;
        ++compared;
        auto const figures = [&](std::vector<phase> const& other, double factor) {
            auto const again = iterative{.max_outer_iters = 4, .tol = method.tol * factor}(exposed(other));
            REQUIRE(again.history.rmse_seconds.back() ==
                    doctest::Approx(factor * found.history.rmse_seconds.back()).epsilon(1e-6));
            REQUIRE(again.diagnostics.final_r2.value_or(0) ==
                    doctest::Approx(found.diagnostics.final_r2.value_or(0)).epsilon(1e-6));
            laws::check_same(found.beta, again.beta, factor, 1e-6);
        };
        auto other = rows;
        for (auto& p : other) p.t_start *= 8, p.t_end *= 8;
        figures(other, 8);
        other = rows;
        for (auto& p : other) p.t_start -= 4096, p.t_end -= 4096;
        traces::shuffle(other, stream);
        figures(other, 1);
    }
    CHECK(compared == 1000);
}
