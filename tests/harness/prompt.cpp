#include <kvt/data/word_tokenizer.hpp>
#include <kvt/harness/prompt.hpp>

#include <doctest/doctest.h>

using namespace kvt;
using namespace kvt::harness;

namespace {

data::example example_of(std::string context, std::string question) {
    data::example e;
    e.context = std::move(context);
    e.question = std::move(question);
    return e;
}

}  // namespace

TEST_CASE("the question-answering prompt") {
    auto const p = render(qa{}, example_of("ctx", "why?"));
    REQUIRE(p.messages.size() == 2);
    CHECK(p.messages[0].role == "system");
    CHECK(p.messages[1].content == "Context:\nctx\n\nQuestion:\nwhy?");
    CHECK(p.text == "Answer the question using the provided context.\n\nContext:\nctx\n\nQuestion:\nwhy?");
    CHECK(p.text.substr(p.text.size() - static_cast<std::size_t>(p.question_bytes)) == "\n\nQuestion:\nwhy?");
    CHECK(template_version(qa{}) == "fe1eb82204bc");
    CHECK(template_version("qa") == "fe1eb82204bc");
}

TEST_CASE("values are put in once and never read as placeholders") {
    auto const p = render(qa{}, example_of("{question} {context}", "{context}{input}{"));
    CHECK(p.messages[1].content == "Context:\n{question} {context}\n\nQuestion:\n{context}{input}{");
}

TEST_CASE("the raw prompt is one text") {
    auto const p = render("raw", example_of("a b .", "question : x is"));
    REQUIRE(p.messages.size() == 1);
    CHECK(p.text == "a b . question : x is");
    CHECK(p.messages[0].content == p.text);
    CHECK(p.question_bytes == 16);
    CHECK(render(raw{}, example_of("", "q")).text == "q");
    CHECK(render(raw{}, example_of("c", "")).text == "c");
    CHECK(template_version("raw") != template_version("qa"));
    CHECK(template_version("raw").size() == 12);
}

TEST_CASE("a task's own prompt") {
    task_prompt const task{"Story: {context}\n\n{other} Question: {input}\n\nAnswer:"};
    auto const p = render(task, example_of("s", "q"));
    CHECK(p.text == "Story: s\n\n{other} Question: q\n\nAnswer:");
    CHECK(p.question_bytes == static_cast<std::int64_t>(std::string{"\n\n{other} Question: q\n\nAnswer:"}.size()));
    CHECK(template_version(task) != template_version(task_prompt{}));
    CHECK(render(task_prompt{"no context"}, example_of("s", "q")).question_bytes == 0);
}

TEST_CASE("an unknown template is refused with those there are") {
    CHECK_THROWS_WITH_AS((void)render("quiz", {}), doctest::Contains("one of qa, raw"), error);
    CHECK_THROWS_AS((void)template_version("rav"), error);
}

TEST_CASE("prompts are counted as conversations by the counter that bins them") {
    data::word_tokenizer const counter{.model = "m", .bos = false};
    auto const p = render(qa{}, example_of("one two", "three?"));
    CHECK(chat_length(counter, p) == 8 + 4 + 4 + 8 + 3);
    CHECK(chat_length(counter, p, {.per_message = 0, .reply = 0}) == 16);
    CHECK(prompt_sha256(p.messages).size() == 64);
}
