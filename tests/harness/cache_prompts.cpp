#include <doctest/doctest.h>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/harness/cache_prompts.hpp>

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
