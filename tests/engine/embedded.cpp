#include <doctest/doctest.h>

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/core/json.hpp>
#include <kvt/engine/embedded.hpp>

#include "model/small_model.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace cache = kvt::cache;
namespace engine = kvt::engine;

namespace own {

/// A user's own policy: every other entry, newest first.
struct alternate {
    static constexpr std::string_view name = "alternate";
    static constexpr cache::budget_mode when = cache::budget_mode::prompt;
    [[nodiscard]] static cache::observation_needs needs() { return {.column_sums = false, .last_rows = 100}; }
    static void select(cache::head_view const& view, std::int32_t slots, kvt::random_stream,
                       std::vector<std::int32_t>& kept) {
        if (view.queries[0].rows.size() < 100) throw std::runtime_error{"rows missing"};
        for (std::int32_t i = 0; i < slots; ++i) kept.push_back(view.length() - 2 * slots + 2 * i + 1);
    }
};
KVT_EMPTY_RECORD(alternate);

}  // namespace own

namespace {

struct prompt {
    std::string text, answer;
    std::int64_t tokens = 0, question_bytes = 0;
};

/// The fixture's one-key prompts of one length bin.
std::vector<prompt> prompts(std::int64_t bin, std::size_t most = 100) {
    std::vector<prompt> out;
    static auto const words = kvt::model::word_tokenizer::load(small::recall() + "/tokenizer.json");
    static kvt::json const fixture = kvt::read_json_file(small::root() + "/tests/model/fixture.json");
    for (auto const& p : fixture.at("prompts").items()) {
        if (p.at("bin").integer() != bin || p.at("kind").text() != "one-key" || out.size() == most) continue;
        auto const text = words.decode(small::from_hex(p.at("ids").text()));
        out.push_back({text, p.at("expected").text(), static_cast<std::int64_t>(p.at("ids").text().size() / 2),
                       static_cast<std::int64_t>(text.size() - text.rfind("question :"))});
    }
    return out;
}

engine::request ask(prompt const& p, std::string policy = "full", double budget = 1) {
    engine::request r;
    r.id = "id of " + p.text;
    r.endpoint = engine::api::completions;
    r.prompt = p.text;
    r.question_bytes = p.question_bytes;
    r.max_tokens = 8;
    r.kv.policy = std::move(policy);
    r.kv.budget = budget;
    r.kv.item = p.text;
    return r;
}

engine::embedded<> const& recall() {
    static engine::embedded<> const e{engine::load_model(small::recall())};
    return e;
}

engine::response answered(engine::outcome const& o) {
    auto const* failed = std::get_if<engine::failure>(&o);
    INFO((failed != nullptr ? failed->message : ""));
    REQUIRE(failed == nullptr);
    return std::get<engine::response>(o);
}

cache::cache_facts facts() {
    return {.layers = 3,
            .kv_heads = 2,
            .head_dim = 64,
            .bits = 32,
            .model_hash = recall().describe().model_hash,
            .prompt_hash = {}};
}

/// What must not depend on circumstances.
std::string essence(engine::response const& r) {
    return r.text.value() + "|" + r.finish_reason.value() + "|" + kvt::dump(kvt::to_json(r.usage)) + "|" +
           cache::receipt_text(*r.receipt);
}

}  // namespace

TEST_CASE("the recall model answers from the full cache and stops after the full stop") {
    kvt::run_context context;
    for (std::int64_t bin : {128, 256, 512})
        for (auto const& p : prompts(bin, 4)) {
            auto const r = answered(recall().generate(context, ask(p)));
            CHECK(*r.text == p.answer);
            CHECK(*r.finish_reason == "stop");
            CHECK(r.usage.prompt_tokens == p.tokens);
            CHECK(r.usage.completion_tokens == 5);
            CHECK(r.usage.total_tokens == p.tokens + 5);
            CHECK(r.kv_total_tokens == p.tokens);
            CHECK(r.kv_retained_tokens == p.tokens);
            CHECK(r.notes.at("unknown_tokens").integer() == 0);
            CHECK(cache::verify(*r.receipt, facts()).value_or("") == "");
        }
    CHECK(recall().proves() == engine::evidence::receipts);
    CHECK(recall().describe().model == "recall");
    auto const model = engine::load_model(small::recall());
    CHECK(recall().describe().model_hash == engine::hash_model(model));
    CHECK(model.transformer.hash() == kvt::sha256_file(small::recall() + "/model.safetensors"));
}

TEST_CASE("a model is its weights, its config, its words and how its answers end") {
    auto const base = engine::constructed_model();
    auto const hash = engine::hash_model(base);
    CHECK(engine::hash_model(engine::constructed_model()) == hash);
    auto wider = engine::constructed_model({.max_positions = 64});  // the same tensors
    CHECK(wider.transformer.hash() == base.transformer.hash());
    CHECK(engine::hash_model(wider) != hash);
    auto rules = base;
    rules.generation.stop_after.clear();
    CHECK(engine::hash_model(rules) != hash);
    auto words = base;
    words.tokenizer = kvt::model::word_tokenizer{
        kvt::json::of({{"vocab", kvt::json::of({{"a", 0}, {"<unk>", 1}})}, {"unk_token", "<unk>"}})};
    CHECK(engine::hash_model(words) != hash);
    engine::embedded<> const plain{base}, stops{base, {.stop_after = {"none"}}};
    CHECK(plain.describe().model_hash == hash);
    CHECK(stops.describe().model_hash != hash);  // its answers end elsewhere
}

TEST_CASE("every policy at every budget comes with a true receipt") {
    kvt::run_context context;
    auto const p = prompts(256, 1).front();
    for (auto policy : {"snapkv", "snapkv@kvpress", "h2o", "streaming_llm", "random"})
        for (double budget : {1.0, 0.5, 0.2, 0.05})
            for (auto question : {cache::question_mode::query_aware, cache::question_mode::query_agnostic})
                for (auto mode :
                     {cache::budget_mode::prompt, cache::budget_mode::capped, cache::budget_mode::ratio_tracking}) {
                    auto q = ask(p, policy, budget);
                    q.kv.question = question;
                    q.kv.mode = mode;
                    auto const r = answered(recall().generate(context, q));
                    CAPTURE(policy);
                    CAPTURE(budget);
                    auto known = facts();
                    known.answer_tokens = r.usage.completion_tokens;
                    CHECK(cache::verify(*r.receipt, known).value_or("") == "");
                    std::int64_t const compacted =
                        question == cache::question_mode::query_aware ? p.tokens : p.tokens - 22;
                    CHECK(r.receipt->compacted_tokens == compacted);
                    CHECK(r.receipt->bytes_kept == cache::total_slots(budget, compacted, 6) * 512);
                    CHECK(r.kv_retained_tokens ==
                          cache::round_half_even(static_cast<double>(cache::total_slots(budget, compacted, 6)) / 6));
                    CHECK(r.receipt->mode == mode);
                    CHECK(r.receipt->policy.substr(0, 5) == std::string{policy}.substr(0, 5));
                    if (budget == 1) CHECK(*r.text == p.answer);
                }
}

TEST_CASE("snapkv keeps what the question looks at, random does not") {
    kvt::run_context context;
    int snapkv = 0, random = 0;
    for (auto const& p : prompts(512, 8)) {
        snapkv += *answered(recall().generate(context, ask(p, "snapkv", 0.2))).text == p.answer ? 1 : 0;
        random += *answered(recall().generate(context, ask(p, "random", 0.2))).text == p.answer ? 1 : 0;
    }
    CHECK(snapkv == 8);
    CHECK(random <= 1);
}

TEST_CASE("a prefill found in memory changes no bit of an answer or a receipt") {
    engine::embedded<> const forgetful{engine::load_model(small::recall()), {.prefill_bytes = 0}};
    engine::embedded<> const remembers{engine::load_model(small::recall())};
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    bool first = true;
    for (auto policy : {"full", "snapkv", "h2o", "streaming_llm", "random", "snapkv@kvpress"})
        for (double budget : {1.0, 0.4, 0.1}) {
            if (policy == std::string_view{"full"} && budget < 1) continue;
            auto const a = answered(forgetful.generate(context, ask(p, policy, budget)));
            auto const b = answered(remembers.generate(context, ask(p, policy, budget)));
            CHECK(essence(a) == essence(b));
            CHECK_FALSE(a.notes.at("prefill_cached").boolean());
            bool const wider =
                policy == std::string_view{"snapkv@kvpress"} && budget == 1;  // needs more rows than were kept
            CHECK(b.notes.at("prefill_cached").boolean() == (!first && !wider));
            CHECK(b.latency_s >= b.notes.at("prefill_s").real());
            first = false;
        }
}

TEST_CASE("the same bits from any number of threads, in any order") {
    kvt::run_context context;
    std::vector<engine::request> asked;
    for (auto const& p : prompts(128, 5))
        for (auto policy : {"snapkv", "h2o", "random"})
            for (double budget : {0.5, 0.15}) asked.push_back(ask(p, policy, budget));
    for (std::size_t i = 0; i < asked.size(); i += 3) asked[i].temperature = 1.5;
    std::vector<std::string> expected;
    engine::embedded<> const alone{engine::load_model(small::recall())};
    for (auto const& r : asked) expected.push_back(essence(answered(alone.generate(context, r))));
    for (std::int64_t memory : {std::int64_t{0}, std::int64_t{3} << 20, std::int64_t{1} << 30}) {
        engine::embedded<> const shared{engine::load_model(small::recall()), {.prefill_bytes = memory}};
        std::vector<std::string> actual(asked.size());
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 5; ++t)
            threads.emplace_back([&, t] {
                kvt::run_context own;
                for (std::size_t i = asked.size(); i-- > 0;)
                    if (i % 5 == t) actual[i] = essence(std::get<engine::response>(shared.generate(own, asked[i])));
            });
        for (auto& t : threads) t.join();
        CHECK(actual == expected);
    }
}

TEST_CASE("answers end at max_tokens, at stop tokens, at the end of the context") {
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    auto q = ask(p);
    q.max_tokens = 2;
    auto r = answered(recall().generate(context, q));
    CHECK(*r.text == "6 1");
    CHECK(*r.finish_reason == "length");
    CHECK(r.usage.completion_tokens == 2);
    engine::embedded<> const stops{engine::load_model(small::recall()), {.stop_after = {"1"}}};
    r = answered(stops.generate(context, ask(p)));
    CHECK(*r.text == "6 1");
    CHECK(*r.finish_reason == "stop");
    auto crowded = prompts(2048, 1).front();
    std::string filler;
    for (std::int64_t i = crowded.tokens; i < 2045; ++i) filler += "the ";
    crowded.text = filler + crowded.text;
    q = ask(crowded);
    q.kv.policy = "streaming_llm", q.kv.budget = 0.02;
    r = answered(recall().generate(context, q));
    CHECK(r.usage.prompt_tokens == 2045);
    CHECK(*r.usage.completion_tokens <= 4);  // positions 2045 to 2047, and one token that is never run
    engine::embedded<> const small_context{engine::constructed_model({.max_positions = 12})};
    prompt const tight{"mill amber=otter road mill mill mill mill find amber=", "amber otter .", 10, 11};
    CHECK(*answered(small_context.generate(context, ask(tight))).text == "amber otter .");
    prompt const tighter{"mill " + tight.text, "", 11, 11};
    r = answered(small_context.generate(context, ask(tighter)));
    CHECK(*r.text == "amber otter");
    CHECK(*r.finish_reason == "length");
}

TEST_CASE("what cannot be answered is a failure, what makes no sense is an error") {
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    std::string words;
    for (int i = 0; i < 2047; ++i) words += "the ";
    auto const full = recall().generate(context, ask({words, "", 2048, 0}));
    CHECK(std::get<engine::failure>(full).kind == engine::failure_kind::refused);
    CHECK(std::get<engine::failure>(full).message.find("maximum context length is 2048") != std::string::npos);
    auto const none = recall().generate(context, ask(p, "random", 0.005));
    CHECK(std::get<engine::failure>(none).kind == engine::failure_kind::refused);
    CHECK(std::get<engine::failure>(none).message.find("leaves a head none of the 124 entries") != std::string::npos);

    auto const throws = [&](auto change, std::string const& message) {
        auto q = ask(p, "snapkv", 0.5);
        change(q);
        CHECK_THROWS_WITH(static_cast<void>(recall().generate(context, q)), message.c_str());
    };
    throws([](auto& q) { q.kv.budget = 0; },
           "kv.budget: a budget of 0.000000; expected a fraction of the full cache in (0, 1]");
    throws([](auto& q) { q.kv.policy = "full"; },
           "kv.policy: full keeps every entry; expected budget 1 for the policy full");
    throws([](auto& q) { q.max_tokens = 0; }, "max_tokens: 0; expected at least 1");
    throws([](auto& q) { q.temperature = -1; }, "temperature: -1.0; expected 0 or more");
    auto const refuses = [&](std::int64_t question_bytes, std::string const& message) {
        auto q = ask(p, "snapkv", 0.5);
        q.kv.question = cache::question_mode::query_agnostic, q.question_bytes = question_bytes;
        auto const outcome = recall().generate(context, q);
        auto const& given = std::get<engine::failure>(outcome);
        CHECK(given.kind == engine::failure_kind::refused);
        CHECK(given.message == message);
    };
    refuses(0, "question_bytes: 0; expected the bytes at the prompt's end that are the question (query_agnostic)");
    refuses(p.question_bytes - 3, "question_bytes: " + std::to_string(p.question_bytes - 3) +
                                      "; expected a question that does not begin inside a word");
    auto unknown = ask(p, "snapkw", 0.5);
    CHECK_THROWS_AS(static_cast<void>(recall().generate(context, unknown)), kvt::error);
    unknown = ask(p, "snapkv", 0.5);
    unknown.kv.parameters = kvt::json::of({{"windows", 3}});
    CHECK_THROWS_AS(static_cast<void>(recall().generate(context, unknown)), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(engine::load_model("/nonexistent")), kvt::error);
    CHECK_THROWS_AS((engine::embedded<>{engine::constructed_model(), {.stop_after = {"nowhere"}}}), kvt::error);
}

TEST_CASE("prefills observe what the named policies need, and more when it is asked for") {
    engine::embedded<> const e{engine::load_model(small::recall()), {.policies = {{"snapkv", {}}, {"random", {}}}}};
    engine::embedded<> const wide{engine::load_model(small::recall())};
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    std::pair<char const*, bool> const asked[] = {// and whether the prefill that was there served
                                                  {"random", false},
                                                  {"snapkv", true},
                                                  {"h2o", false},
                                                  {"snapkv", true},
                                                  {"h2o", true}};
    for (auto const& [policy, found] : asked) {
        auto const r = answered(e.generate(context, ask(p, policy, 0.4)));
        CAPTURE(policy);
        CHECK(r.notes.at("prefill_cached").boolean() == found);
        CHECK(essence(r) == essence(answered(wide.generate(context, ask(p, policy, 0.4)))));
    }
    CHECK_THROWS_AS((engine::embedded<>{engine::constructed_model(), {.policies = {{"snapvk", {}}}}}), kvt::error);
}

TEST_CASE("a prefill is given up at the timeout and at a stop request, an answer that has begun is finished") {
    engine::embedded<> const e{engine::load_model(small::recall())};
    auto const p = prompts(512, 1).front();
    static double now;
    now = 0;
    kvt::run_context context;
    context.clock.seconds = [] { return now += 1; };
    auto q = ask(p);
    q.timeout_s = 3;
    CHECK(std::get<engine::failure>(e.generate(context, q)).kind == engine::failure_kind::timeout);
    kvt::run_context fresh;
    CHECK_FALSE(answered(e.generate(fresh, ask(p))).notes.at("prefill_cached").boolean());
    int pieces = 0;
    auto sink = [&](std::string_view) {
        ++pieces;
        fresh.request_stop();
        return true;
    };
    CHECK(*answered(e.generate(fresh, ask(p), sink)).text == p.answer);
    CHECK(pieces > 1);
    auto const stopped = e.generate(fresh, ask(prompts(256, 1).front()));
    CHECK(std::get<engine::failure>(stopped).message == "stopped before the answer began");
}

TEST_CASE("a timeout is a failure") {
    static double now;
    now = 0;
    kvt::run_context context;
    context.clock.seconds = [] { return now += 10; };
    auto q = ask(prompts(128, 1).front());
    q.timeout_s = 5;
    CHECK(std::get<engine::failure>(recall().generate(context, q)).kind == engine::failure_kind::timeout);
}

TEST_CASE("the pieces handed out are the text; who stops listening gets no answer") {
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    std::string joined;
    int pieces = 0;
    auto const listen = [&](std::string_view piece) {
        joined += piece;
        ++pieces;
        return true;
    };
    auto const r = answered(recall().generate(context, ask(p, "snapkv", 0.5), listen));
    CHECK(joined == *r.text);
    CHECK(pieces == 5);
    CHECK(r.ttfb_s.value() <= r.latency_s);
    auto const leave = [](std::string_view) { return false; };
    CHECK(std::holds_alternative<engine::failure>(recall().generate(context, ask(p, "snapkv", 0.5), leave)));
}

TEST_CASE("messages are continued as one text") {
    kvt::run_context context;
    auto const p = prompts(128, 1).front();
    auto q = ask(p, "snapkv", 0.5);
    q.endpoint = engine::api::chat;
    auto const cut = p.text.size() - static_cast<std::size_t>(p.question_bytes);
    q.messages = {{"system", p.text.substr(0, cut)}, {"user", p.text.substr(cut)}};
    auto const r = answered(recall().generate(context, q));
    CHECK(essence(r) == essence(answered(recall().generate(context, ask(p, "snapkv", 0.5)))));
}

TEST_CASE("temperature draws by seed and item, not by order") {
    kvt::run_context context;
    auto q = ask(prompts(128, 1).front());
    q.temperature = 3;
    auto const a = *answered(recall().generate(context, q)).text;
    static_cast<void>(recall().generate(context, ask(prompts(128, 2).back())));
    CHECK(*answered(recall().generate(context, q)).text == a);
    int changed = 0;
    for (std::int64_t seed = 0; seed < 8; ++seed) {
        q.seed = seed;
        changed += *answered(recall().generate(context, q)).text != a ? 1 : 0;
    }
    CHECK(changed > 4);
}

TEST_CASE("a user's policy joins by the registry, and gets what it needs observed") {
    engine::embedded<cache::policies::with<"alternate", own::alternate>> const e{engine::constructed_model()};
    kvt::run_context context;
    std::string body;
    for (int i = 0; i < 117; ++i) body += i == 100 ? "amber=otter " : i == 101 ? "teal=lynx " : "mill ";
    auto const answer = [&](std::string const& key) {
        return *answered(e.generate(context, ask({body + "find " + key + "=", "", 120, 0}, "alternate", 0.25))).text;
    };
    CHECK(answer("amber") == "amber otter .");  // position 101 of 120: odd ones from 61 on stay
    CHECK(answer("teal") == "teal none .");
}
