// The laws of kvt::data::source: every model of the concept passes them.
#pragma once

#include <kvt/data/source.hpp>

#include <doctest/doctest.h>

#include <set>

namespace laws {

template <kvt::data::source S> void source(S const& s) {
    kvt::run_context first_context, second_context;
    second_context.seed = first_context.seed + 1;  // a source has its own
    auto const once = s.load(first_context), again = s.load(second_context);
    REQUIRE_FALSE(once.empty());
    REQUIRE(once.size() == again.size());
    std::set<std::string> ids;
    for (std::size_t i = 0; i < once.size(); ++i) {
        CHECK(kvt::to_json(once[i]) == kvt::to_json(again[i]));
        CHECK_FALSE(once[i].example_id.empty());
        CHECK_FALSE(once[i].answers.empty());
        CHECK(once[i].meta.is_object());
        ids.insert(once[i].example_id);
    }
    CHECK(ids.size() == once.size());
    CHECK_FALSE(std::string{s.dataset}.empty());
}

}  // namespace laws
