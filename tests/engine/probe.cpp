#include <doctest/doctest.h>

#include <kvt/engine/probe.hpp>

#include <engine/parrot.hpp>

#include <array>

using namespace kvt;
using engine::budget_level;

namespace {

engine::request sample() {
    engine::request r;
    r.endpoint = engine::api::completions;
    for (int i = 0; i < 100; ++i) r.prompt += "w" + std::to_string(i) + " ";
    r.kv.policy = "streaming_llm";
    return r;
}
constexpr std::array<double, 3> budgets{1.0, 0.5, 0.2};

}  // namespace

TEST_CASE("an engine with receipts proves every budget") {
    run_context context;
    auto const p = engine::probe(parrot::whole{}, context, sample(), budgets);
    CHECK(p.who.model == "polly");
    REQUIRE(p.rows.size() == 3);
    CHECK(p.rows[2].outcome == "answered");
    CHECK(p.rows[2].retained_tokens == 20);
    CHECK(*p.rows[2].bytes_kept * 5 == *p.rows[2].bytes_full);
    REQUIRE(p.budgets.size() == 3);
    for (auto const& b : p.budgets) CHECK(b.level == budget_level::proven);
    CHECK(!p.outputs.suspect);
}

TEST_CASE("an engine with counts proves by their difference, one without proves nothing") {
    run_context context;
    auto const counted =
        engine::probe(parrot::whole{.gives = engine::evidence::acknowledged}, context, sample(), budgets);
    for (auto const& b : counted.budgets) CHECK(b.level == budget_level::proven);
    auto const silent = engine::probe(parrot::whole{.gives = engine::evidence::none}, context, sample(), budgets);
    for (auto const& b : silent.budgets) CHECK(b.level == budget_level::label);
    parrot::whole const boasting{.boasts = true};  // of receipts that it does not bring
    for (auto const& b : engine::probe(boasting, context, sample(), budgets).budgets) {
        CHECK(b.receipts == 0);
        CHECK(b.proof == engine::evidence::none);
    }
    auto with_template = sample();
    with_template.extra_body = json::of({{"keep", "{kv_budget}"}});
    for (auto const& b :
         engine::probe(parrot::whole{.gives = engine::evidence::none}, context, with_template, budgets).budgets)
        CHECK(b.level == budget_level::declared);
}

TEST_CASE("the same answer eight times over is suspect; failures are rows") {
    run_context context;
    CHECK(engine::probe(parrot::whole{.answer = "42"}, context, sample(), budgets, 8).outputs.suspect);
    parrot::whole const broken{.always = engine::failure{engine::failure_kind::network, "gone", {}, {}, 0}};
    auto const p = engine::probe(broken, context, sample(), budgets);
    CHECK(p.rows[0].outcome == "network");
    CHECK(p.rows[0].note == "gone");
    CHECK(p.budgets[0].requests == 0);
    CHECK(p.budgets[0].level != budget_level::proven);
}
