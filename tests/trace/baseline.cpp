#include "laws/estimator.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/baseline.hpp>

using namespace kvt::trace;
using traces::exposed;

namespace {

constexpr chunk_correction fixed[] = {chunk_correction::none, chunk_correction::uniform, chunk_correction::end,
                                      chunk_correction::end_inside};

}  // namespace

TEST_CASE("the self-check of four phases, by each correction") {
    auto const x = exposed(traces::four_phases());
    auto const uniform = baseline{}(x);
    CHECK(uniform.beta.beta0 == 0);
    CHECK(uniform.beta.beta1 == doctest::Approx(0.014337959489872466).epsilon(1e-14));
    CHECK(uniform.beta.beta2 == doctest::Approx(0.5152288072018004).epsilon(1e-14));
    CHECK(*uniform.diagnostics.r2 == doctest::Approx(0.8517629407351839).epsilon(1e-14));
    CHECK(uniform.diagnostics.rmse_seconds == doctest::Approx(0.33343334333658375).epsilon(1e-14));
    CHECK(uniform.diagnostics.n_phases == 4);
    CHECK(uniform.diagnostics.mean_duration_seconds == 2.5);
    CHECK(uniform.diagnostics.mean_steps == 2.25);
    CHECK(uniform.diagnostics.mean_A_pf_tokens == 76);
    CHECK(uniform.diagnostics.mean_A_dec_tokens == 2.625);
    CHECK(uniform.told.identifiable);
    auto const end = baseline{chunk_correction::end}(x);
    CHECK(end.beta.beta0 == doctest::Approx(722944.0 / 717824).epsilon(1e-14));
    CHECK(end.beta.beta1 == doctest::Approx(1024.0 / 717824).epsilon(1e-14));
    CHECK(end.beta.beta2 == 0);
    CHECK(end.diagnostics.mean_A_pf_tokens == 72);
    auto const none = baseline{chunk_correction::none}(x);
    CHECK(none.beta.beta1 == doctest::Approx(0.011998002523128685).epsilon(1e-14));
    CHECK(none.beta.beta2 == doctest::Approx(0.5323801513877207).epsilon(1e-14));
}

TEST_CASE("the laws of an estimator") {
    for (auto const how : fixed) laws::check_estimator(baseline{how}, 1e-8);
}

TEST_CASE("one row, no prefills, no steps") {
    auto const prefill = baseline{}(exposed({{"a", phase_kind::prefill, 0, 1.5, 200, 0}}));
    CHECK(prefill.beta.beta0 == 0);
    CHECK(prefill.beta.beta1 == doctest::Approx(0.0075).epsilon(1e-14));
    CHECK(prefill.beta.beta2 == 0);
    CHECK_FALSE(prefill.diagnostics.r2);
    kvt::random_stream stream{4, "decodes"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const decodes = traces::some_trace(stream, {.prefills = false});
        REQUIRE(baseline{}(exposed(decodes)).beta.beta1 == 0);
        auto const prefills = traces::some_trace(stream, {.decodes = false});
        REQUIRE(baseline{}(exposed(prefills)).beta.beta2 == 0);
    }
    std::vector<phase> const idle{{"a", phase_kind::decode, 0, 1, 0, 0}, {"b", phase_kind::prefill, 0, 2, 0, 0}};
    CHECK(baseline{chunk_correction::none}(exposed(idle)).beta == coefficients{0, 0, 0});
}

TEST_CASE("decodes that do not overlap give the slope through the origin") {
    kvt::random_stream stream{5, "disjoint"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        std::vector<phase> rows;
        double now = 0, ny = 0, nn = 0;
        for (auto count = 1 + stream.below(12); count > 0; --count) {
            double const y = traces::tick(stream, 200), n = static_cast<double>(1 + stream.below(30));
            rows.push_back({std::to_string(count), phase_kind::decode, now, now + y, 0, n});
            now += y + static_cast<double>(stream.below(2)), ny += n * y, nn += n * n;
        }
        auto const b = baseline{}(exposed(rows)).beta;
        REQUIRE(b.beta0 == doctest::Approx(ny / nn).epsilon(1e-12));
        REQUIRE(b.beta1 == 0);
        REQUIRE(b.beta2 == 0);
    }
}

TEST_CASE("whole chunks leave nothing to correct") {
    kvt::random_stream stream{6, "whole"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const x = exposed(traces::some_trace(stream, {.whole_chunks = true}));
        auto const none = baseline{chunk_correction::none}(x).beta;
        for (auto const how : fixed) REQUIRE(baseline{how}(x).beta == none);
    }
}

TEST_CASE("slower by a power of two costs as much more, exactly") {
    kvt::random_stream stream{7, "scale"};
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto rows = traces::some_trace(stream);
        for (auto const how : fixed) {
            auto slow = rows;
            for (auto& p : slow) p.t_start *= 4, p.t_end *= 4;
            auto const x = exposed(rows, 64, 0.25), y = exposed(slow, 64, 1);
            auto const a = baseline{how}(x), b = baseline{how}(y);
            REQUIRE(prefill_exposure(x, how) == prefill_exposure(y, how));
            REQUIRE(x.decode == y.decode);
            laws::check_same(a.beta, b.beta, 4, 1e-12);
            REQUIRE(b.diagnostics.rmse_seconds == doctest::Approx(4 * a.diagnostics.rmse_seconds).epsilon(1e-10));
        }
    }
}

TEST_CASE("a copy of the trace far away changes nothing") {
    kvt::random_stream stream{8, "copy"};
    int compared = 0;
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const rows = traces::some_trace(stream);
        auto const twice = traces::with_later(rows, rows, 8192);
        for (auto const how : {chunk_correction::none, chunk_correction::uniform, chunk_correction::end_inside}) {
            auto const a = baseline{how}(exposed(rows)), b = baseline{how}(exposed(twice));
            if (!laws::settled(a.told)) continue;
            ++compared;
            laws::check_same(a.beta, b.beta, 1, 1e-8);
        }
    }
    CHECK(compared > 1000);
}

TEST_CASE("a longer idle gap changes nothing") {
    kvt::random_stream stream{9, "gap"};
    int compared = 0;
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto const early = traces::some_trace(stream), late = traces::some_trace(stream);
        auto const near = exposed(traces::with_gap(early, late, 1)), far = exposed(traces::with_gap(early, late, 1000));
        for (auto const how : fixed) {
            auto const a = baseline{how}(near), b = baseline{how}(far);
            if (!laws::settled(a.told)) continue;
            ++compared;
            laws::check_same(a.beta, b.beta, 1, 1e-8);
        }
    }
    CHECK(compared > 1000);
}
