// `kvt serve` with its logs under a bursty load, and `kvt trace judge` on what they say.
#include "process.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/step_log.hpp>

#include <algorithm>
#include <map>
#include <tuple>

using namespace e2e;

namespace {

/// The URL of a server that has begun to serve.
std::string url_of(process& server) {
    std::string url;
    bool const ready = eventually([&] {
        auto const said = server.out_so_far();
        auto const at = said.find("http://");
        auto const end = at == said.npos ? at : said.find(' ', at);
        if (end != said.npos) url = said.substr(at, end - at);
        return end != said.npos;
    });
    REQUIRE_MESSAGE(ready, server.err_so_far());
    return url;
}

/// Text and receipt of every answer of a group, by policy, budget and prompt.
std::map<std::string, std::string> answers(workplace const& place, std::string const& group) {
    namespace store = kvt::store;
    namespace harness = kvt::harness;
    std::map<std::string, std::string> out;
    store::sqlite db{(place / ("runs/" + group + "/kv_transition.sqlite")).string(), store::open_mode::existing};
    for (auto const& run : store::select<harness::run_row>(db))
        for (auto const& r : store::select<harness::request_row>(db, {{"run_id", run.run_id}})) {
            store::where const key{{"request_id", r.request_id}};
            auto const answer = store::first<harness::response_row>(db, key);
            auto const receipt = store::first<harness::receipt_row>(db, key);
            REQUIRE(answer);
            REQUIRE(receipt);
            out[*run.kv_policy + "|" + std::to_string(*run.kv_budget) + "|" + std::to_string(r.entry_idx)] =
                answer->text.value_or("(null)") + "\n" + receipt->receipt_json;
        }
    return out;
}

bool said(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("under a bursty load both logs agree, the estimator runs on one and is judged by the other") {
    workplace place;
    kvt::json facts;
    {
        process server{place,
                       {"serve", "--port", "0", "--chunk-size", "32", "--phase-log", "logs/p.csv", "--step-log",
                        "logs/s.csv", "--threads", "1"}};
        auto const load = e2e::kvt(place, {"trace", "load", "--url", url_of(server), "--bursts", "8", "--burst-size",
                                           "6", "--gap", "0.05", "--prompt-tokens", "8,200", "--answer-tokens", "1,24",
                                           "--json", "-o", "load.csv"});
        REQUIRE_MESSAGE(load.code == 0, load.err);
        facts = kvt::parse_json(load.out);
        CHECK(facts.at("answered").integer() == 48);
        server.kill(SIGTERM);
        CHECK(server.wait().code == 0);
    }
    CHECK(said(slurp(place / "load.csv"), "request_id,arrival,prompt_tokens,generated_tokens\nq0,"));
    CHECK(
        slurp(place / "logs/p.csv").starts_with("request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n"));
    auto const answers = facts.at("answer_tokens").integer();
    auto const r = e2e::kvt(
        place, {"trace", "judge", "--phases", "logs/p.csv", "--steps", "logs/s.csv", "--chunk-size", "32", "--json"});
    REQUIRE_MESSAGE(r.code == 0, r.err);
    auto const found = kvt::parse_json(r.out);
    CHECK(found.at("logs_agree").boolean());
    auto const& logs = found.at("logs");
    CHECK(logs.at("loose_phases").integer() == 0);
    CHECK(logs.at("miscounted_phases").integer() == 0);  // nothing limits the chunks but their size
    CHECK(logs.at("prefill_tokens_in_steps").integer() == facts.at("prompt_tokens").integer());
    CHECK(logs.at("decode_tokens_in_steps").integer() ==
          answers - 48);  // the first token of each comes out of its prefill
    CHECK(found.at("on_steps").at("beta").at("beta1").real() > 0);
    CHECK(found.at("estimators").size() == 2);
    CHECK(found.at("estimators").items()[1].at("estimate").at("beta1").real() > 0);
    CHECK(found.at("with_attention").at("r2").real() >= found.at("on_steps").at("r2").real() - 1e-9);
    auto const shown =
        e2e::kvt(place, {"trace", "judge", "--phases", "logs/p.csv", "--steps", "logs/s.csv", "--chunk-size", "32"});
    CHECK(said(shown.out, "the logs agree"));
    CHECK(said(shown.out, "What the phases alone tell"));
    CHECK(e2e::kvt(place, {"trace", "estimate", "logs/p.csv", "--chunk-size", "32"}).code == 0);
    CHECK(e2e::kvt(place, {"trace", "simulate", "load.csv", "--chunk-size", "32", "-q"}).code == 0);
}

TEST_CASE("logs survive a kill in the middle of a load, and the next server goes on with them") {
    workplace place;
    std::vector<std::string> const serve{"serve", "--port",        "0", "--phase-log",    "p.csv", "--step-log",
                                         "s.csv", "--max-running", "2", "--token-budget", "64"};
    std::string phases, steps;  // what the runs before left
    auto const grew = [&](std::size_t rows) {
        auto const now = slurp(place / "p.csv");
        return std::ranges::count(now, '\n') > std::ranges::count(phases, '\n') + static_cast<std::ptrdiff_t>(rows);
    };
    for (int run = 0; run < 2; ++run) {
        process server{place, serve};
        process load{place,
                     {"trace", "load", "--url", url_of(server), "--bursts", "2", "--burst-size", "200", "--gap", "0",
                      "--prompt-tokens", "8,150", "--answer-tokens", "20,60"}};
        REQUIRE(eventually([&] { return grew(5); }));
        server.kill(SIGKILL);
        CHECK(server.wait().signal == SIGKILL);
        CHECK(load.wait().code == 1);  // it was waiting for answers
        auto const new_phases = slurp(place / "p.csv"), new_steps = slurp(place / "s.csv");
        CHECK(new_phases.ends_with('\n'));
        CHECK(new_steps.ends_with('\n'));
        CHECK(new_phases.starts_with(phases));
        CHECK(new_steps.starts_with(steps));
        CHECK(new_steps.size() > steps.size());
        CHECK(kvt::trace::read_trace((place / "p.csv").string()).size() < static_cast<std::size_t>(800 * (run + 1)));
        for (auto const& s : kvt::trace::read_steps((place / "s.csv").string())) {
            CHECK(s.decode_tokens <= 2);
            CHECK(s.prefill_tokens + s.decode_tokens <= 64);
        }
        phases = new_phases, steps = new_steps;
    }
    {
        process server{place, serve};
        auto const url = url_of(server);
        auto second = serve;
        std::erase(second, "--phase-log"), std::erase(second, "p.csv");
        auto const refused = e2e::kvt(place, second);
        CHECK(refused.code == 1);
        CHECK(refused.err_lines() == 1);
        CHECK(said(refused.err, "s.csv: is being written by another program"));
        auto const load = e2e::kvt(place, {"trace", "load", "--url", url, "--bursts", "2", "--burst-size", "5", "--gap",
                                           "0", "--prompt-tokens", "8,150", "--answer-tokens", "2,9"});
        REQUIRE_MESSAGE(load.code == 0, load.err);
        server.kill(SIGTERM);
        CHECK(server.wait().code == 0);
    }
    auto const whole = slurp(place / "p.csv");
    CHECK(whole.starts_with(phases));
    CHECK(std::ranges::count(whole, '\n') == std::ranges::count(phases, '\n') + 20);
}

TEST_CASE("a load that cannot be sent is one clear error") {
    workplace place;
    spit(place / "silent/tokenizer.json", R"({"vocab": {"<unk>": 0, "two words": 1}, "unk_token": "<unk>"})");
    spit(place / "short.csv", "request_id,arrival,prompt_tokens,generated_tokens\nq0,0,1,5\n");
    for (auto const& [more, words] :
         {std::pair<std::vector<std::string>, std::string>{{"--gap", "inf"}, "--gap: Infinity"},
          {{"--gap", "nan"}, "--gap: NaN"},
          {{"--gap", "-1"}, "--gap: -1"},
          {{"--model-dir", "silent"}, "silent: its tokenizer reads back none of the words"},
          {{"short.csv"}, "q0: no prompt of 1 tokens can be made"}}) {
        std::vector<std::string> arguments{"trace", "load", "--url", "http://127.0.0.1:9"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const r = e2e::kvt(place, arguments);
        INFO("standard error: ", r.err);
        CHECK(r.code == 2);
        CHECK(r.err_lines() == 1);
        CHECK(said(r.err, words));
    }
}

TEST_CASE("a log that cannot be written is one clear error before anything starts") {
    workplace place;
    spit(place / "notes.txt", "mine\n");
    spit(place / "c.yaml", small_experiment("logs", 1));
    using refusal = std::tuple<std::vector<std::string>, int, std::string>;
    for (auto const& [arguments, code, words] :
         {refusal{{"serve", "--port", "0", "--phase-log", "notes.txt/p.csv"}, 1, "notes.txt/p.csv: cannot be written"},
          refusal{{"serve", "--port", "0", "--phase-log", "new/p.csv", "--step-log", "notes.txt"},
                  2,
                  "notes.txt: holds something else"},
          refusal{{"serve", "--port", "0", "--chunk-size", "0"}, 2, "chunk_size 0; expected at least 1"},
          refusal{{"all", "-c", "c.yaml", "--override", "engine.phase_log=notes.txt/p.csv"},
                  1,
                  "notes.txt/p.csv: cannot be written"},
          refusal{{"all", "-c", "c.yaml", "--override", "engine.steps={chunk: 3}"}, 2, "engine.steps"}}) {
        auto const r = e2e::kvt(place, arguments);
        INFO("standard error: ", r.err);
        CHECK(r.code == code);
        CHECK(r.err_lines() == 1);
        CHECK(said(r.err, words));
    }
    CHECK(slurp(place / "notes.txt") == "mine\n");
    CHECK_FALSE(fs::exists(place / "new"));
    CHECK_FALSE(fs::exists(place / "runs"));
}

TEST_CASE("an experiment on shared steps gives the answers of one without, and logs of its own") {
    workplace place;
    spit(place / "c.yaml", small_experiment("plain"));
    auto text = small_experiment("shared");
    auto const at = text.find("engine: {type: embedded");
    REQUIRE(at != text.npos);
    text.insert(at + 9, "steps: {chunk_size: 40, token_budget: 100}, phase_log: logs/p.csv, step_log: logs/s.csv, ");
    spit(place / "d.yaml", text + "\n");
    REQUIRE(e2e::kvt(place, {"all", "-c", "c.yaml", "-q"}).code == 0);
    auto const r = e2e::kvt(place, {"all", "-c", "d.yaml", "-q", "--override", "run.concurrency=6"});
    REQUIRE_MESSAGE(r.code == 0, r.err);
    CHECK(e2e::kvt(place, {"verify", "runs/shared"}).code == 0);
    auto const plain = answers(place, "plain"), shared = answers(place, "shared");
    CHECK(plain.size() == 12 * 5);
    CHECK(plain == shared);
    auto const judged = e2e::kvt(
        place, {"trace", "judge", "--phases", "logs/p.csv", "--steps", "logs/s.csv", "--chunk-size", "40", "--json"});
    REQUIRE_MESSAGE(judged.code == 0, judged.err);
    CHECK(kvt::parse_json(judged.out).at("logs_agree").boolean());
}
