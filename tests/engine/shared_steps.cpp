// The embedded engine with one step loop for all requests: the same bits as without.
#include <doctest/doctest.h>

#include <kvt/core/json.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/trace/judge.hpp>
#include <kvt/trace/read.hpp>
#include <support/scratch_folder.hpp>

#include "model/small_model.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

namespace cache = kvt::cache;
namespace engine = kvt::engine;
namespace trace = kvt::trace;

namespace {

std::vector<engine::request> requests_of(std::size_t most) {
    auto const words = kvt::model::word_tokenizer::load(small::recall() + "/tokenizer.json");
    kvt::json const fixture = kvt::read_json_file(small::root() + "/tests/model/fixture.json");
    std::vector<engine::request> out;
    for (auto const& p : fixture.at("prompts").items()) {
        if (p.at("bin").integer() > 512 || out.size() == most) continue;
        engine::request r;
        r.endpoint = engine::api::completions;
        r.prompt = words.decode(small::from_hex(p.at("ids").text()));
        r.question_bytes = static_cast<std::int64_t>(r.prompt.size() - r.prompt.rfind("question :"));
        r.max_tokens = 8;
        r.kv.item = r.id = "item " + std::to_string(out.size());
        out.push_back(std::move(r));
    }
    return out;
}

/// Every shipped policy at every budget, in every mode of question and budget, dealt out over the prompts.
std::vector<engine::request> sweep() {
    auto const prompts = requests_of(6);
    std::vector<engine::request> out;
    for (auto policy : {"full", "snapkv", "snapkv@kvpress", "h2o", "streaming_llm", "random"})
        for (double budget : {1.0, 0.5, 0.2, 0.05})
            for (auto question : {cache::question_mode::query_aware, cache::question_mode::query_agnostic})
                for (auto mode :
                     {cache::budget_mode::prompt, cache::budget_mode::capped, cache::budget_mode::ratio_tracking}) {
                    if (policy == std::string_view{"full"} && budget < 1) continue;
                    auto r = prompts[out.size() % prompts.size()];
                    r.kv.policy = policy, r.kv.budget = budget, r.kv.question = question, r.kv.mode = mode;
                    if (out.size() % 3 == 0) r.temperature = 1.5;
                    if (out.size() % 4 == 0) r.ignore_eos = true, r.max_tokens = 30;
                    out.push_back(std::move(r));
                }
    return out;
}

std::string essence(engine::outcome const& o) {
    if (auto const* failed = std::get_if<engine::failure>(&o)) return failed->message;
    auto const& r = std::get<engine::response>(o);
    return r.text.value() + "|" + r.finish_reason.value() + "|" + kvt::dump(kvt::to_json(r.usage)) + "|" +
           cache::receipt_text(*r.receipt);
}

std::vector<std::string> ask_all(engine::embedded<> const& e, std::vector<engine::request> const& asked,
                                 std::size_t threads) {
    std::vector<std::string> out(asked.size());
    std::vector<std::thread> workers;
    std::atomic<std::size_t> next{0};
    for (std::size_t t = 0; t < threads; ++t)
        workers.emplace_back([&] {
            kvt::run_context own;
            for (std::size_t i; (i = next++) < asked.size();) {
                std::string joined;
                auto const sink = [&](std::string_view piece) { return joined += piece, true; };
                auto const o = i % 2 == 0 ? e.generate(own, asked[i]) : e.generate(own, asked[i], sink);
                out[i] = essence(o);
                if (i % 2 == 1 && std::holds_alternative<engine::response>(o) &&
                    joined != *std::get<engine::response>(o).text)
                    out[i] = "the pieces are not the text";
            }
        });
    for (auto& w : workers) w.join();
    return out;
}

engine::step_options joined(std::int64_t chunk, std::int64_t running = 0, std::int64_t budget = 0,
                            std::int64_t threads = 1) {
    return {.batching = engine::batching::joined,
            .chunk_size = chunk,
            .max_running = running,
            .token_budget = budget,
            .threads = threads};
}

}  // namespace

TEST_CASE("shared steps change no bit of an answer or a receipt: all policies, budgets and modes") {
    auto const asked = sweep();
    auto const expected = ask_all(engine::embedded<>{engine::load_model(small::recall())}, asked, 1);
    CHECK(std::count_if(expected.begin(), expected.end(), [](auto const& e) { return e.find('|') != e.npos; }) > 100);
    struct shape {
        engine::step_options steps;
        std::int64_t memory;
        std::size_t clients;
    };
    for (auto const& s : {shape{joined(64), 1 << 30, 12}, shape{joined(7, 5, 40), 0, 9},
                          shape{joined(512, 0, 0, 3), 0, 16}, shape{joined(100, 4, 130, 2), 3 << 20, 8}}) {
        engine::embedded<> const e{engine::load_model(small::recall()), {.prefill_bytes = s.memory, .steps = s.steps}};
        CAPTURE(kvt::dump(kvt::to_json(s.steps)));
        auto const actual = ask_all(e, asked, s.clients);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            CAPTURE(i);
            CHECK(actual[i] == expected[i]);
        }
    }
}

TEST_CASE("the engine's logs: every token computed is there once, found prefills are not") {
    scratch_folder folder;
    auto steps = joined(48, 0, 200);
    steps.phase_log = folder / "p.csv", steps.step_log = folder / "s.csv";
    auto asked = requests_of(8);
    std::int64_t prompt = 0, decoded = 0;
    {
        engine::embedded<> const e{engine::load_model(small::recall()), {.steps = steps}};
        for (int round = 0; round < 2; ++round) {  // the second finds all prefills
            kvt::run_context context;
            (void)ask_all(e, asked, 8);
            for (auto const& r : asked) {
                auto const o = std::get<engine::response>(e.generate(context, r));
                CHECK(o.notes.at("prefill_cached").boolean());
                if (round == 0) prompt += o.usage.prompt_tokens.value();
                decoded += 2 * (o.usage.completion_tokens.value() - 1);
            }
        }
        asked.resize(1);
        asked[0].kv.question = cache::question_mode::query_agnostic, asked[0].kv.policy = "snapkv",
        asked[0].kv.budget = 0.5;
        for (int twice = 0; twice < 2; ++twice) {  // the context is found the second time, the question runs again
            kvt::run_context context;
            auto const o = std::get<engine::response>(e.generate(context, asked[0]));
            auto const question = o.usage.prompt_tokens.value() - o.receipt->compacted_tokens;
            prompt += twice == 0 ? o.usage.prompt_tokens.value() : question;
            decoded += o.usage.completion_tokens.value() - 1;
        }
    }
    auto const j = trace::judge(trace::read_trace(steps.phase_log), trace::read_steps(steps.step_log),
                                {.chunk_size = 48}, trace::baseline{}, trace::iterative{});
    CHECK(j.logs.agree());
    CHECK(j.logs.prefill_tokens_in_steps == prompt);
    CHECK(j.logs.decode_tokens_in_steps == decoded);
    CHECK(j.with_attention);
}

TEST_CASE("failures in shared steps: timeouts, stop requests, clients that leave, policies that break") {
    engine::embedded<> const e{engine::load_model(small::recall()), {.prefill_bytes = 0, .steps = joined(16)}};
    auto const asked = requests_of(2);
    static std::atomic<double> now{0};
    kvt::run_context late;
    late.clock.seconds = [] { return now = now + 1; };
    auto q = asked[0];
    q.timeout_s = 5;
    CHECK(std::get<engine::failure>(e.generate(late, q)).kind == engine::failure_kind::timeout);
    kvt::run_context stopped;
    stopped.request_stop();
    CHECK(std::get<engine::failure>(e.generate(stopped, asked[0])).message == "stopped before the answer began");
    kvt::run_context context;
    int pieces = 0;
    auto const leave = [&](std::string_view) { return ++pieces < 2; };
    CHECK(std::get<engine::failure>(e.generate(context, asked[0], leave)).kind == engine::failure_kind::network);
    auto const stop = [&](std::string_view) { return context.request_stop(), true; };
    CHECK(std::holds_alternative<engine::response>(e.generate(context, asked[0], stop)));  // what has begun is finished
    kvt::run_context fresh;
    auto unknown = asked[1];
    unknown.kv.policy = "snapkw";
    CHECK_THROWS_AS((void)e.generate(fresh, unknown), kvt::error);
    CHECK(std::holds_alternative<engine::response>(e.generate(fresh, asked[1])));
}

TEST_CASE("a sink that throws ends the answer there, and its caller gets the exception") {
    scratch_folder folder;
    auto asked = requests_of(1);
    asked[0].ignore_eos = true, asked[0].max_tokens = 600;
    auto const deaf = [](std::string_view) -> bool { throw std::logic_error{"deaf"}; };
    kvt::run_context context;
    auto steps = joined(512);
    steps.step_log = folder / "s.csv";
    {
        engine::embedded<> const e{engine::load_model(small::recall()), {.steps = steps}};
        CHECK_THROWS_AS((void)e.generate(context, asked[0], deaf), std::logic_error);
    }
    CHECK(trace::read_steps(steps.step_log).size() < 500);
    engine::embedded<> const alone{engine::load_model(small::recall())};
    CHECK_THROWS_AS((void)alone.generate(context, asked[0], deaf), std::logic_error);
}

TEST_CASE("the pieces of an answer are its text: words of many bytes, tokens without a text") {
    auto model = engine::load_model(small::recall());
    auto description = kvt::read_json_file(small::recall() + "/tokenizer.json");
    auto const plain = model.tokenizer;
    kvt::json::object vocabulary;
    for (std::int32_t id = 0; id < plain.size(); ++id) {
        auto const& word = plain.word(id);
        bool const keeps = id < 8 || word.size() < 2 || id == plain.unknown() || id == plain.begin() ||
                           id == plain.end() || word.front() == '<';
        vocabulary.push_back({keeps ? word : (id % 3 == 0 ? "\u00fc" : "\U0001F600") + word + "\u00df", id});
    }
    vocabulary[static_cast<std::size_t>(plain.id_of("."))].first = "";  // a word of no bytes still has its space
    description["vocab"] = vocabulary;
    model.tokenizer = kvt::model::word_tokenizer{description};
    model.generation.stop_after.clear();
    engine::embedded<> const e{std::move(model)};
    auto asked = requests_of(4);
    for (auto& r : asked) {
        r.ignore_eos = true, r.max_tokens = 200, r.temperature = 3;
        std::string heard;
        int pieces = 0;
        auto const sink = [&](std::string_view piece) { return ++pieces, heard += piece, true; };
        kvt::run_context context;
        auto const o = std::get<engine::response>(e.generate(context, r, sink));
        CHECK(heard == *o.text);
        CHECK(pieces > 50);
        CHECK(heard.find("\u00df ") != heard.npos);
    }
}

namespace own {
struct broken {
    static constexpr std::string_view name = "broken";
    static constexpr cache::budget_mode when = cache::budget_mode::prompt;
    [[nodiscard]] static cache::observation_needs needs() { return {}; }
    static void select(cache::head_view const&, std::int32_t, kvt::random_stream, std::vector<std::int32_t>&) {}
};
KVT_EMPTY_RECORD(broken);
}  // namespace own

TEST_CASE("a policy that breaks its law is its own request's error, not its neighbours'") {
    engine::embedded<cache::policies::with<"broken", own::broken>> const e{engine::load_model(small::recall()),
                                                                           {.steps = joined(64)}};
    auto asked = requests_of(6);
    for (std::size_t i = 0; i < asked.size(); i += 2) asked[i].kv.policy = "broken", asked[i].kv.budget = 0.5;
    std::vector<std::thread> threads;
    std::atomic<int> errors{0}, answers{0};
    for (auto const& r : asked)
        threads.emplace_back([&] {
            kvt::run_context own;
            try {
                answers += std::holds_alternative<engine::response>(e.generate(own, r));
            } catch (kvt::error const&) {
                ++errors;
            }
        });
    for (auto& t : threads) t.join();
    CHECK(errors == 3);
    CHECK(answers == 3);
}

TEST_CASE("options that cannot work are refused where the engine is made") {
    CHECK_THROWS_AS((engine::embedded<>{engine::constructed_model(), {.steps = {.phase_log = "p.csv"}}}), kvt::error);
    CHECK_THROWS_AS(
        (engine::embedded<>{engine::constructed_model(),
                            {.steps = {.batching = engine::batching::joined, .phase_log = "/proc/none/p.csv"}}}),
        kvt::error);
    CHECK_THROWS_AS((engine::embedded<>{engine::constructed_model(), {.steps = joined(0)}}), kvt::error);
}
