#include <kvt/scaling/token_sources.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("sources are found by name with their parameters") {
    auto const vocabulary = [](std::string_view name, json const& parameters) {
        return token_sources::visit(name, parameters, "data",
                                    [](auto const& s) { return token_reader{s.open(data_split::training)}; })
            .vocab_size();
    };
    CHECK(vocabulary("generated", json::of({{"vocab_size", 7}})) == 7);
    CHECK(vocabulary("recall", json::of({})) == 256);
    CHECK(holds(refusal([&] { (void)vocabulary("txt", {}); }), "text"));
    CHECK(holds(refusal([&] { (void)vocabulary("generated", json::of({{"vocab_sizes", 7}})); }), "vocab_size"));
}
