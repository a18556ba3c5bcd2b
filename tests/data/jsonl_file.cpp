#include "../laws/source.hpp"

#include <kvt/data/jsonl_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;

TEST_CASE("jsonl_file reads a user's own rows") {
    scratch_folder const at;
    auto const path = at.file("mine.jsonl", R"({"question": "q", "text": "c", "answer": "a"})"
                                            "\n"
                                            R"({"question": "q", "text": "c", "answer": "a"})");
    laws::source(data::jsonl_file{.task = "mine", .path = path, .on_duplicate = data::duplicates::suffix});
    run_context context;
    CHECK_THROWS_AS((void)(data::jsonl_file{.task = "mine", .path = path}.load(context)), data::data_error);
    CHECK(holds(refusal([&] { (void)data::jsonl_file{.task = "mine"}.load(context); }), "dataset.path: missing"));
}
