#include "../laws/source.hpp"

#include <kvt/data/source.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("in_memory hands out what it holds") {
    data::example e{"id", "q", "c", {"a"}, json::of({{"task", "t"}})};
    laws::source(data::in_memory{.examples = {e}});
    run_context context;
    CHECK_THROWS_AS((void)data::in_memory{}.load(context), error);
}

TEST_CASE("examples are records, and those that know their evidence say where it stands") {
    data::example e{"id", "q", "c", {"a"}, json::object{}};
    CHECK(evidence_of(e).empty());
    e.meta["evidence"] = json::list({json::of({{"begin", 4}, {"end", 9}})});
    auto const back = from_json<data::example>(to_json(e));
    CHECK(back.answers == e.answers);
    CHECK(evidence_of(back) == std::vector<data::token_span>{{4, 9}});
}
