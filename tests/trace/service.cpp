#include "support/refusal.hpp"
#include "trace/loads.hpp"

#include <doctest/doctest.h>
#include <kvt/numeric/quantile.hpp>
#include <kvt/trace/service.hpp>

#include <algorithm>
#include <map>

using namespace kvt::trace;

namespace {

// The moment of every token, by walking the log and counting who is served.
std::vector<std::vector<double>> token_times(std::vector<request> const& load, simulation const& run,
                                             step_engine const& engine) {
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < load.size(); ++i) place[load[i].request_id] = i;
    std::vector<std::vector<double>> out(load.size());
    for (std::size_t p = 0; p < run.phases.size(); ++p) {
        auto const i = place.at(run.phases[p].request_id);
        auto const [from, to] = run.phase_steps[p];
        bool const prefill = run.phases[p].phase_type == phase_kind::prefill;
        if (prefill && engine.first_token_in_prefill && load[i].generated_tokens > 0)
            out[i].push_back(run.log[to - 1].t_end);
        for (std::size_t s = from; !prefill && s < to; ++s) out[i].push_back(run.log[s].t_end);
    }
    return out;
}

}  // namespace

TEST_CASE("times are those of the tokens themselves") {
    for (int round = 0; round < 200; ++round) {
        INFO("round ", round);
        auto const load = traces::poisson_load(static_cast<std::uint64_t>(round), 40, 6);
        auto engine = traces::usual_engine;
        engine.first_token_in_prefill = round % 2 == 0;
        engine.max_running = round % 3 == 0 ? 8 : 0, engine.token_budget = round % 5 == 0 ? 700 : 0;
        engine.noise_sigma = round % 7 == 0 ? 0.1 : 0;
        auto const run = simulate(load, engine);
        auto const tokens = token_times(load, run, engine);
        auto const times = times_of(run, load, engine);
        std::vector<double> first, gaps, each;
        for (std::size_t i = 0; i < load.size(); ++i) {
            auto const& t = tokens[i];
            REQUIRE(static_cast<std::int64_t>(t.size()) == load[i].generated_tokens);
            REQUIRE(times[i].ttft.has_value() == !t.empty());
            REQUIRE(times[i].tpot.has_value() == (t.size() > 1));
            if (t.empty()) continue;
            REQUIRE(*times[i].ttft == t[0] - load[i].arrival);
            first.push_back(t[0] - load[i].arrival);
            for (std::size_t k = 1; k < t.size(); ++k) gaps.push_back(t[k] - t[k - 1]);
            if (t.size() > 1) each.push_back((t.back() - t[0]) / static_cast<double>(t.size() - 1));
            if (t.size() > 1) REQUIRE(*times[i].tpot == doctest::Approx(each.back()).epsilon(1e-12));
        }
        auto const s = service_of(run, load, engine);
        auto const check = [](distribution const& d, std::vector<double> const& values) {
            REQUIRE(*d.p50.value == doctest::Approx(*kvt::numeric::percentile(values, 0.5)).epsilon(1e-12));
            REQUIRE(*d.p95.value == doctest::Approx(*kvt::numeric::percentile(values, 0.95)).epsilon(1e-12));
            REQUIRE(*d.p99.value == doctest::Approx(*kvt::numeric::percentile(values, 0.99)).epsilon(1e-12));
        };
        check(s.ttft, first), check(s.itl, gaps), check(s.tpot, each);
        REQUIRE(*s.good_share.value == 1);
        REQUIRE(*s.goodput_tokens_per_second.value == *s.tokens_per_second.value);
    }
}

TEST_CASE("goodput counts those that keep the goal") {
    std::vector<request> const load{{"a", 0, 8, 3}, {"b", 0, 8, 1}, {"c", 0, 8, 0}};
    step_engine const engine{.beta0 = 1, .chunk_size = 8, .max_running = 1};
    auto const run = simulate(load, engine);  // a: 0-1 | 1-2 | 2-3, b: 3-4, c: 4-5
    auto const s = service_of(run, load, engine, {.ttft = 2.0, .tpot = 1.0});
    CHECK(s.without_answer == 1);
    CHECK(*s.ttft.mean.value == 2.5);
    CHECK(*s.tpot.p50.value == 1);
    CHECK(*s.good_share.value == doctest::Approx(2.0 / 3));
    CHECK(*s.goodput_requests_per_second.value == doctest::Approx(2.0 / 5));
    CHECK(*s.goodput_tokens_per_second.value == doctest::Approx(3.0 / 5));
    CHECK(*s.tokens_per_second.value == doctest::Approx(4.0 / 5));
    CHECK(*service_of(run, load, engine, {.tpot = 0.5}).good_share.value == doctest::Approx(2.0 / 3));
    auto none = service_of({}, {}, engine);
    CHECK(none.requests == 0);
    for (auto const* f : figures_of(none)) CHECK_FALSE(f->value);
    CHECK(holds(refusal([&] { (void)service_of(run, load, engine, {.ttft = 0.0}); }), "bad_option: slo-ttft 0"));
}

TEST_CASE("weights count as so many equal values") {
    kvt::random_stream stream{4, "weights"};
    for (int round = 0; round < 1000; ++round) {
        std::vector<weighted_value> weighted;
        std::vector<double> plain;
        for (auto count = 1 + stream.below(10); count > 0; --count) {
            double const v = stream.unit();
            auto const w = 1 + stream.below(4);
            weighted.push_back({v, static_cast<double>(w)});
            plain.insert(plain.end(), w, v);
        }
        auto const d = distribution_of(weighted);
        REQUIRE(*d.p90.value == doctest::Approx(*kvt::numeric::percentile(plain, 0.9)).epsilon(1e-12));
        REQUIRE(*d.p50.value == doctest::Approx(*kvt::numeric::percentile(plain, 0.5)).epsilon(1e-12));
    }
}
