#include "../laws/source.hpp"

#include <kvt/data/ruler.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

using namespace kvt;

TEST_CASE("ruler reads the generator's files") {
    scratch_folder const at;
    (void)at.file(
        "niah/validation.jsonl",
        R"({"index": 0, "input": "text. question?", "outputs": ["u-1", "u-2"], "length": 9})"
        "\n"
        R"({"index": 1, "input": "text. question?", "outputs": ["u-3"], "answer_prefix": " The number is", "token_position_answer": 4})"
        "\n");
    data::ruler const source{.task = "niah", .root = at.path};
    laws::source(source);
    run_context context;
    auto const examples = source.load(context);
    CHECK(examples[0].question == "text. question?");
    CHECK(examples[0].context.empty());
    CHECK(examples[0].answers == std::vector<std::string>{"u-1", "u-2"});
    CHECK(examples[1].question == "text. question? The number is");
    CHECK(examples[1].meta.at("token_position_answer").integer() == 4);
    CHECK(examples[1].meta.at("source_keys").size() == 5);
}
