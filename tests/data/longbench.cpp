#include "../laws/source.hpp"

#include <kvt/data/longbench.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;

TEST_CASE("longbench reads a task's file") {
    scratch_folder const at;
    (void)at.file(
        "trec.jsonl",
        R"({"input": "q", "context": "c", "answers": ["a"], "length": 3, "dataset": "trec", "language": "en", "all_classes": ["X"], "_id": "k1"})"
        "\n");
    data::longbench const source{.task = "trec", .root = at.path};
    laws::source(source);
    run_context context;
    auto const examples = source.load(context);
    CHECK(examples[0].example_id == "k1");
    CHECK(examples[0].meta.at("all_classes") == json::list({"X"}));
    CHECK(holds(refusal([&] { (void)data::longbench{.task = "Trec", .root = at.path}.load(context); }),
                "did you mean trec?"));
    CHECK(holds(refusal([&] { (void)data::longbench{.task = "trec"}.load(context); }), "data/raw/longbench"));
}

TEST_CASE("Chinese rows keep every character") {
    scratch_folder const at;
    std::string const context = "\u6BB5\u843D1\uFF1A\u5168\u56FD\u7F8E\u56FD\u3000\u6587\u5B66";
    (void)at.file("zh.jsonl", "{\"input\": \"\u54EA\uFF1F\", \"context\": \"\u3000" + context +
                                  "\u3000\", \"answers\": [\"\u53A6\u95E8\u3002\"]}\n");
    run_context run;
    auto const examples = data::longbench{.task = "zh", .root = at.path}.load(run);
    CHECK(examples[0].context == context);
    CHECK(examples[0].answers[0] == "\u53A6\u95E8\u3002");
    CHECK(examples[0].example_id.starts_with("zh_"));
}
