#include <doctest/doctest.h>

#include <kvt/engine/mock.hpp>

#include <cmath>
#include <thread>
#include <vector>

namespace engine = kvt::engine;

namespace {

engine::request ask(std::string prompt, double budget = 1, std::string id = "r1") {
    engine::request r;
    r.id = std::move(id);
    r.endpoint = engine::api::completions;
    r.prompt = std::move(prompt);
    r.kv.policy = "snapkv";
    r.kv.budget = budget;
    r.kv.item = r.prompt;
    return r;
}

std::string text(engine::outcome const& o) { return std::get<engine::response>(o).text.value_or("(none)"); }

}  // namespace

TEST_CASE("scripted replies and failures, for the first calls of each request or for all") {
    engine::mock const m{.script = {{.contains = "alpha",
                                     .calls = 2,
                                     .error = engine::failure{engine::failure_kind::http, "slow down", 429, 7.0, 0}},
                                    {.contains = "alpha", .text = "after two"},
                                    {.contains = "beta", .text = "cut", .finish_reason = "length", .delay_s = 3}}};
    kvt::run_context context;
    for (int call = 0; call < 2; ++call) {
        auto const o = m.generate(context, ask("alpha"));
        auto const& f = std::get<engine::failure>(o);
        CHECK(f.http_status == 429);
        CHECK(f.retry_after_s == 7.0);
    }
    CHECK(text(m.generate(context, ask("alpha"))) == "after two");
    CHECK(std::holds_alternative<engine::failure>(m.generate(context, ask("alpha", 1, "r2"))));  // counted by request
    CHECK(m.calls.of("r1") == 3);
    CHECK(m.calls.of() == 4);
    auto const cut = m.generate(context, ask("say beta now"));
    CHECK(*std::get<engine::response>(cut).finish_reason == "length");
    CHECK(std::get<engine::response>(cut).latency_s > 3);
    auto hurried = ask("beta");
    hurried.timeout_s = 2;
    CHECK(std::get<engine::failure>(m.generate(context, hurried)).kind == engine::failure_kind::timeout);
    CHECK(text(m.generate(context, ask("gamma"))) == "wrong");
}

TEST_CASE("the law: right less often at small budgets and long prompts, and never again once wrong") {
    engine::mock m;
    for (int i = 0; i < 400; ++i) m.answers.push_back({"item " + std::to_string(i), "gold " + std::to_string(i)});
    kvt::run_context context;
    int last = 401;
    for (double budget : {1.0, 0.5, 0.35, 0.3, 0.25, 0.1}) {
        int right = 0;
        for (int i = 0; i < 400; ++i) {
            auto r = ask("item " + std::to_string(i), budget);
            r.prompt += std::string(510 * 2, ' ');
            std::string long_prompt;
            for (int w = 0; w < 510; ++w) long_prompt += " w";
            r.prompt = "item " + std::to_string(i) + long_prompt;
            right += text(m.generate(context, r)) == "gold " + std::to_string(i) ? 1 : 0;
        }
        CHECK(right <= last);
        last = right;
        double const p = m.law.probability(budget, 512);
        CHECK(std::abs(right - 400 * p) <= 4 * std::sqrt(400 * p * (1 - p)));
    }
    CHECK(m.law.probability(1, 99999) == 1);
    CHECK(m.law.probability(0.3, 512) == doctest::Approx(0.5));
    CHECK(m.law.probability(0.3, 4096) < m.law.probability(0.3, 512));
}

TEST_CASE("what it says of the budget, and what it costs") {
    engine::mock const m{.base_delay_s = 1, .delay_per_token_s = 0.5, .proof = engine::evidence::acknowledged};
    kvt::run_context context;
    auto const o = m.generate(context, ask("a b c d e f g h i j", 0.25));
    auto const& r = std::get<engine::response>(o);
    CHECK(r.kv_total_tokens == 10);
    CHECK(r.kv_retained_tokens == 2);  // 2.5, half to even
    CHECK(r.latency_s == 2);
    CHECK(r.usage.prompt_tokens == 10);
    CHECK(r.proof == engine::evidence::acknowledged);
    CHECK_FALSE(r.receipt);
    CHECK(m.proves() == engine::evidence::acknowledged);
    CHECK_THROWS_AS(static_cast<void>(m.generate(context, ask("a", 0))), kvt::error);
    engine::mock const silent{};
    CHECK(silent.proves() == engine::evidence::none);
    auto const said = silent.generate(context, ask("a"));
    CHECK_FALSE(std::get<engine::response>(said).kv_total_tokens);
    CHECK(std::get<engine::response>(said).proof == engine::evidence::none);
    CHECK(std::get<engine::response>(said).sent == engine::budget_sent::yes);
    engine::mock const boasting{.proof = engine::evidence::receipts};
    CHECK_THROWS_WITH_AS(static_cast<void>(boasting.generate(context, ask("a"))),
                         "engine.mock.proof: a mock has no cache to write a receipt of; expected none or acknowledged",
                         kvt::error);
}

TEST_CASE("slept delays go through the context's clock") {
    static double slept;
    slept = 0;
    kvt::run_context context;
    context.clock.sleep = [](double seconds) { slept += seconds; };
    engine::mock const m{.base_delay_s = 0.75, .delay_per_token_s = 0, .timing = engine::mock_timing::slept};
    static_cast<void>(m.generate(context, ask("a")));
    CHECK(slept == 0.75);
}

TEST_CASE("the same answers from any number of threads") {
    engine::mock m{
        .script = {{.calls = 1, .error = engine::failure{engine::failure_kind::network, "reset", {}, {}, 0}}}};
    for (int i = 0; i < 60; ++i) m.answers.push_back({"item " + std::to_string(i), "gold"});
    auto const run = [&](std::size_t threads, std::string const& prefix) {
        std::vector<std::string> out(60);
        std::vector<std::thread> all;
        for (std::size_t t = 0; t < threads; ++t)
            all.emplace_back([&, t] {
                kvt::run_context context;
                for (std::size_t i = t; i < 60; i += threads) {
                    auto const r = ask("item " + std::to_string(i), 0.3, prefix + std::to_string(i));
                    static_cast<void>(m.generate(context, r));
                    out[i] = text(m.generate(context, r));
                }
            });
        for (auto& t : all) t.join();
        return out;
    };
    CHECK(run(1, "a") == run(8, "b"));
}

TEST_CASE("a mock can be written down in a configuration") {
    auto const m = kvt::from_json<engine::mock>(kvt::parse_json(R"({"law": {"critical_budget": 0.5}, "proof": "none",
        "script": [{"contains": "x", "error": {"kind": "timeout", "message": "late"}}]})"));
    CHECK(m.law.critical_budget == 0.5);
    CHECK(m.script[0].error->kind == engine::failure_kind::timeout);
    kvt::run_context context;
    CHECK(std::holds_alternative<engine::failure>(m.generate(context, ask("x"))));
}
