#include <doctest/doctest.h>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/harness/cache_prompts.hpp>
#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;

TEST_CASE("examples become prompts, with their evidence") {
    data::recall const source{.lengths = {128}, .n_examples = 3};
    auto const prompts = pipeline{harness::cache_prompts{source}}(run_context{});
    REQUIRE(prompts.size() == 3);
    auto const first = source.make(0);
    CHECK(prompts[0].id == first.example_id);
    CHECK(prompts[0].context == first.context);
    CHECK(prompts[0].question == first.question);
    CHECK(prompts[0].answer == first.answers.front());
    CHECK(prompts[0].evidence == data::evidence_of(first));
    CHECK(!prompts[0].evidence.empty());
}

TEST_CASE("a file's rows become prompts that know where they come from") {
    scratch_folder const here;
    auto const path =
        here.file("p.jsonl", "{\"id\": \"a\", \"context\": \"c\", \"question\": \"q\", \"answers\": [\"1\", "
                             "\"2\"], \"meta\": {\"evidence\": [{\"begin\": 2, \"end\": 5}]}}\n\n"
                             "{\"passage\": \"d\", \"query\": \"r\", \"answer\": 7}\n");
    auto const prompts = pipeline{harness::read_cache_prompts{path}}(run_context{});
    REQUIRE(prompts.size() == 2);
    CHECK(prompts[0].id == "a");
    CHECK(prompts[0].answer == "1");
    CHECK(prompts[0].evidence == std::vector<data::token_span>{{2, 5}});
    CHECK(prompts[0].where == path + ":1");
    CHECK(prompts[0].place() == path + ":1 (a)");
    CHECK(prompts[1].context == "d");
    CHECK(prompts[1].answer == "7");
    CHECK(prompts[1].where == path + ":3");
    CHECK(harness::study_prompt{"generated", "", "", ""}.place() == "generated");
}

TEST_CASE("a row that is no prompt is refused with its file, its line, what is wrong and what was expected") {
    scratch_folder const here;
    std::string const good = R"({"id": "a", "context": "c", "question": "q", "answers": ["1"]})";
    auto const says = [&](std::string const& row) {
        auto const path = here.file("p.jsonl", good + "\n" + row + "\n");
        auto const e = error_of([&] { (void)pipeline{harness::read_cache_prompts{path}}(run_context{}); });
        REQUIRE(e);
        CHECK(e->exit_code() == 2);
        CHECK(e->where() == path + ":2");
        CHECK(!e->expected().empty());
        return std::string{e->what()};
    };
    CHECK(holds(says("not json"), "p.jsonl:2"));
    CHECK(holds(says("[1, 2]"), "found a list; expected a mapping"));
    CHECK(
        holds(says(R"({"question": "q", "answers": ["1"]})"), "the context is missing or empty; expected text under"));
    CHECK(holds(says(R"({"context": "c", "answers": ["1"]})"), "no question; expected one of question, query"));
    CHECK(holds(says(R"({"context": "c", "question": "  ", "answers": ["1"]})"), "the question is missing or empty"));
    CHECK(holds(says(R"({"context": "c", "question": "q"})"), "no answers; expected one of answers, answer"));
    CHECK(holds(says(R"({"context": "c", "question": "q", "answers": []})"), "holds only blanks; expected"));
    CHECK(holds(says(R"({"context": ["c"], "question": "q", "answers": ["1"]})"),
                "context is a list; expected a string"));
    CHECK(holds(says(R"({"context": "c", "question": "q", "answers": ["1"], "meta": {"evidence": 3}})"),
                "meta.evidence is an integer; expected"));
    CHECK(holds(says(R"({"context": "c", "question": "q", "answers": ["1"], "meta": {"evidence": [{"begin": "x"}]}})"),
                "meta.evidence cannot be read"));
    CHECK(holds(
        says(R"({"context": "c", "question": "q", "answers": ["1"], "meta": {"evidence": [{"begin": 4, "end": 4}]}})"),
        "meta.evidence has a span from 4 to 4"));
    CHECK(holds(says(good), "its id a is that of line 1; expected an id of its own"));
    auto const whole = [&](std::string const& text) {
        auto const path = here.file("q.jsonl", text);
        return refusal([&] { (void)pipeline{harness::read_cache_prompts{path}}(run_context{}); });
    };
    CHECK(holds(whole(""), "q.jsonl: holds no prompts; expected lines such as"));
    CHECK(holds(whole("\n\n"), "q.jsonl: holds no prompts"));
    run_context context;
    CHECK(holds(refusal([&] { (void)harness::read_cache_prompts{here / "none"}(context, {}); }), here / "none"));
    CHECK(holds(refusal([&] { (void)harness::read_cache_prompts{here.path}(context, {}); }), here.path));
}
