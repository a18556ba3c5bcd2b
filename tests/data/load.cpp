#include <kvt/core/context.hpp>
#include <kvt/data/load.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

// A context whose progress goes to a file.
struct listening {
    scratch_folder at;
    std::FILE* stream = std::fopen((at / "progress").c_str(), "w");
    run_context context;

    listening() { context.progress = progress_meter{progress_style::lines, stream}; }
    ~listening() { std::fclose(stream); }
    [[nodiscard]] std::string heard() const {
        std::fflush(stream);
        return read_file(at / "progress");
    }
};

constexpr std::string_view good = R"({"input": "q1", "answers": ["a"], "id": 1})";

}  // namespace

TEST_CASE("bad rows fail the load and are named by line, ten at most") {
    listening to;
    std::string text{good};
    for (int i = 0; i < 12; ++i) text += "\n{\"input\": \"q\"}";
    auto const path = to.at.file("rows.jsonl", text);
    auto const message = refusal([&] { (void)load_examples(to.context, path, "t"); });
    CHECK(holds(message, "12 rows cannot be read as examples"));
    CHECK(holds(message, "rows.jsonl:2: no answers"));
    CHECK(holds(message, "rows.jsonl:11: no answers"));
    CHECK_FALSE(holds(message, "rows.jsonl:12"));
}

TEST_CASE("under skip bad rows and broken lines are left out and counted") {
    listening to;
    auto const path = to.at.file("rows.jsonl", std::string{good} + "\n{broken\n{\"input\": \"q\"}\n");
    auto const examples = load_examples(to.context, path, "t", {.on_bad_row = bad_rows::skip});
    REQUIRE(examples.size() == 1);
    CHECK(examples[0].example_id == "1");
    CHECK(holds(to.heard(), "left out 2 bad rows"));
}

TEST_CASE("a file without rows is an error") {
    listening to;
    auto const empty = to.at.file("empty.jsonl", "\n \n"), bad = to.at.file("bad.jsonl", "{}\n");
    CHECK(holds(refusal([&] { (void)load_examples(to.context, empty, "t"); }), "empty.jsonl: no rows"));
    CHECK(
        holds(refusal([&] { (void)load_examples(to.context, bad, "t", {.on_bad_row = bad_rows::skip}); }), "no rows"));
}

TEST_CASE("an unknown task lists those there are") {
    scratch_folder const at;
    for (char c = 'a'; c <= 'l'; ++c) (void)at.file(std::string{"task_"} + c + ".jsonl", good);
    (void)at.file("notes.txt", "x");
    (void)at.file("deep/validation.jsonl", good);
    static constexpr std::string_view endings[] = {".jsonl", "/validation.jsonl"};
    auto const root = at.path;
    CHECK(task_file("", root, "task_b", endings) == root + "/task_b.jsonl");
    CHECK(task_file("", root, "deep", endings) == root + "/deep/validation.jsonl");
    CHECK(task_file("elsewhere.jsonl", root, "task_b", endings) == "elsewhere.jsonl");
    auto const message = refusal([&] { (void)task_file("", root, "task_B", endings); });
    CHECK(holds(message, "no task \"task_B\""));
    CHECK(holds(message, "did you mean task_"));
    CHECK(holds(message, "one of its 13 tasks: deep, task_a"));
    CHECK(holds(message, "task_i, ..."));
    CHECK_FALSE(holds(message, "task_j"));
    CHECK(holds(refusal([&] { (void)task_file("", root + "/none", "t", endings); }),
                "expected a file " + root + "/none/t.jsonl"));
}
