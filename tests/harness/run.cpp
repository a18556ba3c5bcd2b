// The run stage on the mock engine: resuming, retrying, stopping, and what is written down about budgets.
#include <doctest/doctest.h>

#include <harness/bench.hpp>
#include <support/refusal.hpp>

using namespace kvt;

namespace {

/// An engine whose requests leave without their budget.
struct never_sends {
    static constexpr std::string_view name = "never_sends";
    engine::mock inner;

    [[nodiscard]] engine::outcome generate(run_context& ctx, engine::request const& r) const {
        auto out = inner.generate(ctx, r);
        auto& given = std::get<engine::response>(out);
        given.sent = engine::budget_sent::no, given.proof = engine::evidence::none;
        return out;
    }
    [[nodiscard]] engine::identity describe() const { return inner.describe(); }
    [[nodiscard]] engine::evidence proves() const { return engine::evidence::none; }
};

}  // namespace

TEST_CASE("every entry has one outcome at every budget, and the run is finished") {
    bench b;
    CHECK(b.ask().runs == std::vector<std::string>{"g_budget_1.0", "g_budget_0.5"});
    CHECK(b.count<harness::request_row>() == 24);
    CHECK(b.count<harness::response_row>() == 24);
    CHECK(b.count<harness::run_row>({{"status", "finished"}}) == 2);
    CHECK(b.engine.calls.of() == 24);
}

TEST_CASE("asked again, it refuses; resumed, it asks nothing twice") {
    bench b;
    (void)b.ask();
    CHECK(refusal([&] { (void)b.ask(); }).find("already has 12 requests") != std::string::npos);
    b.options.on_rerun = harness::rerun::resume;
    (void)b.ask();
    CHECK(b.engine.calls.of() == 24);
    b.options.decoding.temperature = 0.7;
    CHECK(refusal([&] { (void)b.ask(); }).find("temperature is 0.7 now but 0.0 in the database") != std::string::npos);
}

TEST_CASE("a failure is a row; it is tried as often as allowed, and again only where that is asked for") {
    bench b;
    b.engine.script = {
        {.contains = "", .calls = 2, .error = engine::failure{engine::failure_kind::timeout, "too slow", {}, {}, 0}}};
    (void)b.ask({1.0});
    CHECK(b.engine.calls.of() == 24);
    CHECK(b.count<harness::failure_row>() == 12);
    CHECK(*store::first<harness::failure_row>(b.db())->attempts == 2);
    b.options.on_rerun = harness::rerun::resume;
    (void)b.ask({1.0});
    CHECK(b.engine.calls.of() == 24);
    b.options.on_rerun = harness::rerun::retry_failed;
    (void)b.ask({1.0});
    CHECK(b.engine.calls.of() == 36);
    CHECK(b.count<harness::failure_row>() == 0);
    CHECK(b.count<harness::response_row>() == 12);
}

TEST_CASE("stopped, it says how to go on, and goes on") {
    bench b;
    b.ctx.request_stop();
    CHECK(refusal([&] { (void)b.ask(); }).find("--resume") != std::string::npos);
    CHECK(b.count<harness::request_row>() == 0);
}

TEST_CASE("budgets: counts that fit are a proof, silence is not, and what was not sent is a label") {
    bench counted;
    (void)counted.ask();
    CHECK(counted.level(1.0) == "proven");
    CHECK(counted.level(0.5) == "proven");

    bench silent;
    silent.engine.proof = engine::evidence::none;
    CHECK(refusal([&] { (void)silent.ask(); }).find("cannot prove that a budget below 1 is applied") !=
          std::string::npos);
    silent.options.proof = harness::budget_proof::waived;
    (void)silent.ask();
    CHECK(silent.level(0.5) == "declared");
    auto const why = harness::budget_of(*store::first<harness::run_row>(silent.db(), {{"kv_budget", 0.5}})).reason;
    CHECK(why == "0 of 12 answers say how many tokens were kept");

    bench deaf;
    deaf.options.proof = harness::budget_proof::waived;
    (void)harness::run{never_sends{deaf.engine}, cache::sweep{cache::snapkv{}, {1.0, 0.5}},
                       deaf.options}(deaf.ctx, deaf.manifest);
    CHECK(deaf.level(0.5) == "label");

    bench alone;  // nothing to compare with
    (void)alone.ask({0.5});
    CHECK(alone.level(0.5) == "declared");
}

TEST_CASE("prompts beyond the cap are not sent") {
    bench b;
    b.options.prompt_cap = 3;
    (void)b.ask({1.0});
    CHECK(b.engine.calls.of() == 0);
    CHECK(*store::first<harness::failure_row>(b.db())->error_type == "PROMPT_TOO_LONG");
}

TEST_CASE("misuse that every request would share ends the run instead of filling it with failures") {
    bench b;
    struct misused : never_sends {
        [[nodiscard]] engine::outcome generate(run_context&, engine::request const&) const {
            throw error{error_kind::usage, "engine.base_url", "is nonsense"};
        }
    };
    b.options.proof = harness::budget_proof::waived;
    CHECK(
        refusal([&] {
            (void)harness::run{misused{{b.engine}}, cache::sweep{cache::snapkv{}, {1.0}}, b.options}(b.ctx, b.manifest);
        }) == "engine.base_url: is nonsense");
    CHECK(b.count<harness::failure_row>() == 0);
}
