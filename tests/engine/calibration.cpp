// The instrument's calibration: the constructed model under every shipped policy answers exactly as the closed form says.
#include <doctest/doctest.h>

#include <kvt/cache/calibration.hpp>
#include <kvt/cache/receipt_verify.hpp>
#include <kvt/data/constructed_lookup.hpp>
#include <kvt/engine/embedded.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace cache = kvt::cache;
namespace engine = kvt::engine;
namespace data = kvt::data;

namespace {

constexpr double budgets[] = {1.0, 0.8, 0.5, 0.3, 0.1, 0.05};
constexpr std::int64_t items = 24;
data::constructed_lookup const source{.lengths = {40, 100, 250, 600, 1200}, .n_examples = items};

struct asked {
    std::string policy;
    cache::question_mode question = cache::question_mode::query_aware;
    std::optional<cache::budget_mode> mode{};
    kvt::json parameters{};
};

struct tally {
    std::int64_t right = 0, predicted = 0, disagree = 0, total = 0;
    double expected = 0, variance = 0;
};

class lab {
  public:
    lab() : engine_{engine::constructed_model()}, examples_{source.load(context_)} {}

    /// Asks everything once; `each` sees (budget index, length index, answered, survival).
    template <class F> void sweep(asked const& a, F each) {
        for (std::size_t b = 0; b < std::size(budgets); ++b) {
            if (a.policy == "full" && budgets[b] < 1) continue;
            for (std::size_t i = 0; i < examples_.size(); ++i) {
                auto const& e = examples_[i];
                auto const length = source.lengths[i / items];
                auto const outcome = engine_.generate(context_, request(a, budgets[b], e));
                auto const* given = std::get_if<engine::response>(&outcome);
                REQUIRE(given != nullptr);
                auto const mode = cache::make_policy(a.policy, a.parameters).when();
                cache::lookup_setting const at{.budget = budgets[b],
                                               .mode = a.mode.value_or(mode),
                                               .question = a.question,
                                               .prompt_tokens = length};
                auto const position = data::evidence_of(e).front().begin;
                check_receipt(*given, at);
                each(b, i / static_cast<std::size_t>(items), *given->text == e.answers.front(),
                     cache::survival(a.policy, a.parameters, at, position), *given, position);
            }
        }
    }

  private:
    static engine::request request(asked const& a, double budget, data::example const& e) {
        engine::request r;
        r.id = e.example_id;
        r.endpoint = engine::api::completions;
        r.prompt = e.context + " " + e.question;
        r.question_bytes = static_cast<std::int64_t>(e.question.size());
        r.max_tokens = 8;
        r.kv = {.policy = a.policy,
                .parameters = a.parameters,
                .budget = budget,
                .mode = a.mode,
                .question = a.question,
                .seed = 5,
                .item = e.example_id};
        return r;
    }
    void check_receipt(engine::response const& given, cache::lookup_setting const& at) {
        REQUIRE(given.receipt);
        REQUIRE(cache::verify(*given.receipt, {.layers = 2,
                                               .kv_heads = 2,
                                               .head_dim = 64,
                                               .bits = 32,
                                               .model_hash = engine_.describe().model_hash,
                                               .prompt_hash = {}})
                    .value_or("") == "");
        REQUIRE(given.receipt->heads[3].slots == at.slots());
        REQUIRE(*given.kv_total_tokens == at.compacted());
    }

    kvt::run_context context_;
    engine::embedded<> engine_;
    std::vector<data::example> examples_;
};

bool kept(engine::response const& given, std::int64_t position) {
    auto const positions = cache::from_deltas(given.receipt->heads[3].position_deltas);
    return std::find(positions.begin(), positions.end(), position) != positions.end();
}

}  // namespace

TEST_CASE("every shipped policy, 6 budgets, 5 lengths: item by item the predicted answer") {
    lab l;
    std::vector<asked> all;
    for (auto question : {cache::question_mode::query_aware, cache::question_mode::query_agnostic}) {
        for (auto policy : {"full", "streaming_llm", "snapkv", "snapkv@kvpress", "h2o"})
            all.push_back({policy, question, {}, {}});
        for (auto policy : {"streaming_llm", "h2o"}) {
            all.push_back({policy, question, cache::budget_mode::prompt, {}});
            all.push_back({policy, question, cache::budget_mode::ratio_tracking, {}});
        }
    }
    all.push_back({"h2o", cache::question_mode::query_aware, {}, kvt::json::of({{"heavy_share", 0.8}})});
    all.push_back({"h2o", cache::question_mode::query_aware, {}, kvt::json::of({{"heavy_share", 1.0}})});
    all.push_back({"snapkv", cache::question_mode::query_aware, {}, kvt::json::of({{"window", 2}, {"kernel", 21}})});
    all.push_back({"snapkv",
                   cache::question_mode::query_aware,
                   {},
                   kvt::json::of({{"window", 5}, {"kernel", 33}, {"pool", "average"}})});
    for (auto const& a : all) {
        std::vector<tally> at(std::size(budgets));
        l.sweep(a, [&](std::size_t b, std::size_t, bool right, double survival, engine::response const& given,
                       std::int64_t position) {
            INFO(a.policy, " budget ", budgets[b], " tokens ", given.receipt->compacted_tokens, " position ", position);
            CHECK((survival == 0 || survival == 1));
            CHECK(right == (survival == 1));
            auto& t = at[b];
            t.right += right ? 1 : 0, t.predicted += survival == 1 ? 1 : 0, ++t.total;
        });
        std::printf("%-15s %-14s %-14s", a.policy.c_str(), kvt::name_of(a.question).data(),
                    a.mode ? kvt::name_of(*a.mode).data() : "own mode");
        for (auto const& t : at)
            if (t.total > 0) std::printf("  %3d/%3d", static_cast<int>(t.right), static_cast<int>(t.predicted));
        std::printf("  of %d\n", static_cast<int>(at[0].total));
    }
}

TEST_CASE("random: right exactly where its draw kept the record, and as often as the closed form says") {
    lab l;
    for (auto mode : {cache::budget_mode::prompt, cache::budget_mode::capped}) {
        std::vector<tally> at(std::size(budgets));
        l.sweep({"random", cache::question_mode::query_aware, mode, {}},
                [&](std::size_t b, std::size_t, bool right, double survival, engine::response const& given,
                    std::int64_t position) {
                    auto& t = at[b];
                    if (mode == cache::budget_mode::prompt) CHECK(right == kept(given, position));
                    else if (right) CHECK(kept(given, position));
                    t.right += right ? 1 : 0, ++t.total, t.expected += survival,
                        t.variance += survival * (1 - survival);
                });
        for (std::size_t b = 0; b < at.size(); ++b) {
            std::printf("random %-7s budget %.2f: %d right of %d, expected %.1f +- %.1f\n", kvt::name_of(mode).data(),
                        budgets[b], static_cast<int>(at[b].right), static_cast<int>(at[b].total), at[b].expected,
                        std::sqrt(at[b].variance));
            CHECK(std::abs(static_cast<double>(at[b].right) - at[b].expected) <= 3.5 * std::sqrt(at[b].variance));
        }
    }
}

TEST_CASE("expected accuracy is the mean over the record's places") {
    cache::lookup_setting const at{.budget = 0.5, .prompt_tokens = 102};
    // 51 slots each: 4 sinks of which <bos> is no place, 47 recent ones of which the question's two are none.
    CHECK(cache::expected_accuracy("streaming_llm", {}, at) == doctest::Approx((3 + 45) / 99.0));
    CHECK(cache::expected_accuracy("random", {}, at) == doctest::Approx(0.5));
    CHECK(cache::expected_accuracy("snapkv", {}, at) == 1);
    CHECK(cache::expected_accuracy("full", {}, at) == 1);
    auto agnostic = at;
    agnostic.question = cache::question_mode::query_agnostic;
    CHECK(cache::expected_accuracy("snapkv", {}, agnostic) == doctest::Approx(50 / 99.0));
    CHECK_THROWS_AS(static_cast<void>(cache::survival("quest", {}, at, 5)), kvt::error);
    cache::lookup_setting const capped{.budget = 0.5, .mode = cache::budget_mode::capped, .prompt_tokens = 102};
    CHECK_THROWS_AS(static_cast<void>(cache::survival(cache::snapkv{}, capped, 5)), kvt::error);
}
