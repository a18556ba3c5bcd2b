// `kvt quant cache`: the study as a user runs it.
#include "process.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>

using namespace e2e;

namespace {

bool said(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> small_study(std::vector<std::string> more) {
    std::vector<std::string> out{"quant", "cache",      "-q", "--bits",      "2,8", "--group",
                                 "16",    "--residual", "16", "--resamples", "50"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace

TEST_CASE("three generated prompts: conclusions, files, the same bytes for any number of threads") {
    workplace place;
    auto const run = [&](std::string const& threads, std::string const& folder) {
        return e2e::kvt(place, small_study({"--generate", "3", "--length", "160", "--threads", threads, "-o", folder}));
    };
    auto const r = run("1", "one");
    CHECK(r.code == 0);
    CHECK(said(r.out, "Does smoothness tell which groups hurt (keys, 2 bits, groups of 16)?"));
    CHECK(said(r.out, "No logit changed by more than its bound."));
    CHECK(said(r.err, "wrote one/cache_study.json"));
    CHECK(run("2", "two").out == r.out);
    for (std::string const file :
         {"cache_study.json", "cache_study.md", "predictors.png", "predictors.svg", "boundaries.svg", "lost.svg"}) {
        CAPTURE(file);
        CHECK(!slurp(place / ("one/" + file)).empty());
        CHECK(slurp(place / ("one/" + file)) == slurp(place / ("two/" + file)));
    }
    auto const found = kvt::parse_json(slurp(place / "one/cache_study.json"));
    CHECK(found.at("prompts").integer() == 3);
    CHECK(found.at("answered").integer() == 3);
}

TEST_CASE("a user's own prompts") {
    workplace place;
    std::string filler;
    for (int i = 0; i < 12; ++i) filler += "the garden is quiet . ";
    spit(place / "mine.jsonl", "{\"context\": \"" + filler + "the access code of the red seal is 6 1 2 2 . " + filler +
                                   "\", \"question\": \"question : what is the access code of the red seal ? answer : "
                                   "the access code of the red seal is\", \"answers\": [\"6 1 2 2 .\"]}\n");
    auto const r = e2e::kvt(place, small_study({"--prompts", "mine.jsonl", "-o", "out", "--json"}));
    INFO("standard error: ", r.err);
    CHECK(r.code == 0);
    CHECK(kvt::parse_json(r.out).at("prompts").integer() == 1);
}

TEST_CASE("what is refused is refused in one line") {
    workplace place;
    auto const refused = [&](std::vector<std::string> const& options, std::string const& words) {
        auto const r = e2e::kvt(place, small_study(options));
        INFO("standard error: ", r.err);
        CHECK(r.code == 2);
        CHECK(r.err_lines() == 1);
        CHECK(said(r.err, words));
        CHECK(r.out.empty());
        CHECK_FALSE(fs::exists(place / "out"));
    };
    refused({"--prompts", "", "-o", "out"}, "an empty value");
    spit(place / "odd.jsonl", "{\"context\": \"the seal\", \"question\": \"what\", \"answers\": [\"1\"]}\n\n"
                              "{\"context\": \"the seal\", \"question\": \"what\"}\n");
    refused({"--prompts", "odd.jsonl", "-o", "out"}, "kvt: odd.jsonl:3: no answers; expected one of answers, answer");
    spit(place / "torn.jsonl", "{\"context\": \"the seal\", \"question\n");
    refused({"--prompts", "torn.jsonl", "-o", "out"}, "kvt: torn.jsonl:1: ");
    refused({"--prompts", "torn.jsonl", "-o", "out"}, "; expected one JSON document");
    spit(place / "empty.jsonl", "\n");
    refused({"--prompts", "empty.jsonl", "-o", "out"}, "kvt: empty.jsonl: holds no prompts; expected lines such as");
    refused({"--prompts", "config", "-o", "out"}, "kvt: config: is a folder; expected a file");
    refused({"--generate", "1", "--length", "96", "--seed", "99999999999999999999", "-o", "out"}, "beyond 64 bits");
    refused({"--prompts", "none.jsonl"}, "none.jsonl");
    refused({"--generate", "1", "--prompts", "none.jsonl"}, "--prompts");
    refused({"--model", "nowhere"}, "nowhere");
    std::string words;
    for (int i = 0; i < 2100; ++i) words += "the ";
    spit(place / "long.jsonl",
         "{\"id\": \"too_long\", \"context\": \"" + words + "\", \"question\": \"what ?\", \"answers\": [\"1\"]}\n");
    refused({"--prompts", "long.jsonl"},
            "kvt: long.jsonl:1 (too_long): 2104 tokens; expected a context, a question and an "
            "answer, together at most 2048 tokens");
    refused({"--policy", "best"}, "best");
    auto const none = e2e::kvt(place, {"quant", "cache", "-q", "--generate", "1", "--length", "96", "--group", "4096",
                                       "--residual", "4096", "-o", "out"});
    CHECK(none.code == 2);
    CHECK(none.err_lines() == 1);
    CHECK(said(none.err, "residual 4096: the longest context has "));
    auto const odd = e2e::kvt(place, {"quant", "cache", "--bits", "3"});
    CHECK(odd.code == 2);
    CHECK(said(odd.err, "invalid_bit_width"));
    spit(place / "file", "x");
    auto const r = e2e::kvt(place, small_study({"--generate", "1", "--length", "96", "-o", "file/out"}));
    CHECK(r.code == 1);
    CHECK(said(r.err, "file/out"));
}
