#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/correction.hpp>

#include <cmath>

using namespace kvt::trace;
using traces::exposed;

namespace {

constexpr chunk_correction fixed[] = {chunk_correction::none, chunk_correction::uniform, chunk_correction::end,
                                      chunk_correction::end_inside};

// The definition, segment by segment and row by row, in extended precision.
struct plain_exposure {
    std::vector<long double> prefill, decode;

    plain_exposure(exposure const& x, chunk_correction how) {
        auto const& rows = x.rows;
        std::size_t const n = rows.size(), segments = x.grid.size() - 1;
        auto const covers = [&](std::size_t i, std::size_t j) {
            return rows.t_start[i] <= x.grid[j] && x.grid[j + 1] <= rows.t_end[i];
        };
        std::vector<long double> f(segments), d(segments), c(segments);
        for (std::size_t j = 0; j < segments; ++j)
            for (std::size_t i = 0; i < n; ++i)
                if (covers(i, j)) (rows.kind[i] == phase_kind::prefill ? f : d)[j] += 1;
        long double const chunk = rows.rule.chunk_size;
        for (std::size_t i = 0; i < n; ++i) {
            if (rows.kind[i] == phase_kind::decode || how == chunk_correction::none) continue;
            long double rest = rows.tokens[i] - chunk * (rows.steps[i] - 1);
            rest = rest < 0 ? 0 : rest > chunk ? chunk : rest;
            std::size_t q = segments - 1;
            for (std::size_t j = 0; j < segments; ++j) {
                if (how == chunk_correction::uniform && covers(i, j))
                    c[j] += (chunk - rest) / (static_cast<long double>(rows.t_end[i]) - rows.t_start[i]);
                if (how == chunk_correction::end && x.grid[j] == rows.t_end[i]) q = j;
                if (how == chunk_correction::end_inside && x.grid[j + 1] == rows.t_end[i]) q = j;
            }
            if (how != chunk_correction::uniform)
                c[q] += (chunk - rest) / (static_cast<long double>(x.grid[q + 1]) - x.grid[q]);
        }
        for (std::size_t i = 0; i < n; ++i) {
            long double u = 0, v = 0, w = 0;
            for (std::size_t j = 0; j < segments; ++j) {
                if (!covers(i, j)) continue;
                long double const length = static_cast<long double>(x.grid[j + 1]) - x.grid[j];
                u += chunk * f[j] * length, v += d[j] * length, w += c[j] * length;
            }
            long double const h = static_cast<long double>(rows.steps[i]) / rows.duration[i];
            prefill.push_back(h * u - w), decode.push_back(h * v);
        }
    }
};

}  // namespace

TEST_CASE("the worked example") {
    auto const x = exposed(traces::four_phases());
    CHECK(x.grid == std::vector<double>{0, 1, 2, 3, 5, 6});
    CHECK(x.prefill_pressure == std::vector<double>{64, 128, 64, 0, 0});
    CHECK(x.decode_pressure == std::vector<double>{0, 0, 1, 2, 1});
    CHECK(x.decode == std::vector<double>{0, 6, 0.5, 4});
    CHECK(missing_tokens(x) == std::vector<double>{32, 0, 0, 0});
    CHECK(prefill_exposure(x, chunk_correction::none) == std::vector<double>{192, 64, 96, 0});
    CHECK(prefill_exposure(x, chunk_correction::uniform) == std::vector<double>{160, 64, 80, 0});
    CHECK(prefill_exposure(x, chunk_correction::end) == std::vector<double>{192, 32, 64, 0});
    CHECK(prefill_exposure(x, chunk_correction::end_inside) == std::vector<double>{160, 64, 64, 0});
}

TEST_CASE("touching phases share nothing, equal times are one") {
    auto const x = exposed({{"a", phase_kind::decode, -0.0, 1, 0, 3}, {"b", phase_kind::decode, 1, 2, 0, 4},
                            {"c", phase_kind::prefill, 0.0, 1, 64, 0}});
    CHECK(x.grid == std::vector<double>{0, 1, 2});
    CHECK(x.decode == std::vector<double>{3, 4, 1});
    CHECK(x.prefill == std::vector<double>{192, 0, 64});
}

TEST_CASE("the tokens that a last chunk lacks") {
    auto const lacking = [&](double tokens, double steps) {
        phases p{.rule = {.chunk_size = 64}};
        p.kind = {phase_kind::prefill}, p.t_start = {0}, p.t_end = {1}, p.duration = {1};
        p.steps = {steps}, p.tokens = {tokens}, p.request_id.push_back("a");
        return missing_tokens(expose_trace(std::move(p)))[0];
    };
    CHECK(lacking(96, 2) == 32);
    CHECK(lacking(128, 2) == 0);
    CHECK(lacking(130, 3) == 62);
    CHECK(lacking(0, 0) == 0);
    CHECK(lacking(96, 1) == 0);
    CHECK(lacking(96, 4) == 64);
    CHECK(holds(refusal([&] { (void)lacking(std::nan(""), 4); }), "non_finite"));
}

TEST_CASE("random traces equal the definition in extended precision") {
    kvt::random_stream stream{1, "exposure definition"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        for (auto const how : fixed) {
            plain_exposure const plain{x, how};
            auto const a = prefill_exposure(x, how);
            for (std::size_t i = 0; i < x.rows.size(); ++i) {
                REQUIRE(std::abs(a[i] - static_cast<double>(plain.prefill[i])) < 1e-9);
                REQUIRE(std::abs(x.decode[i] - static_cast<double>(plain.decode[i])) < 1e-9);
            }
        }
    }
}

TEST_CASE("corrections take off what chunks lack, all of it") {
    kvt::random_stream stream{2, "conservation"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream));
        double missing = 0;
        for (double const m : missing_tokens(x)) missing += m;
        for (auto const how : fixed) {
            auto const rate = correction_rate(x, how);
            for (double const c : rate) REQUIRE(c >= -1e-9);
            double const taken = integral_of(x, rate).back();
            REQUIRE(taken == doctest::Approx(how == chunk_correction::none ? 0 : missing).epsilon(1e-12));
        }
    }
}

TEST_CASE("a lone prefill meets its own tokens") {
    kvt::random_stream stream{3, "lone"};
    for (int round = 0; round < 1000; ++round) {
        double const tokens = static_cast<double>(1 + stream.below(1000)), start = stream.unit();
        auto const x = exposed({{"a", phase_kind::prefill, start, start + 0.5 + stream.unit(), tokens, 0}});
        REQUIRE(prefill_exposure(x, chunk_correction::uniform)[0] == doctest::Approx(tokens).epsilon(1e-12));
    }
}

TEST_CASE("what cannot be placed before the coefficients is refused") {
    auto const x = exposed(traces::four_phases());
    CHECK(holds(refusal([&] { (void)correction_rate(x, chunk_correction::beta_informed); }), "bad_option"));
    CHECK(holds(refusal([] { (void)expose_trace(phases{.rule = {.chunk_size = 64}}); }), "empty_trace"));
}
