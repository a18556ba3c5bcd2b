#include "../laws/source.hpp"
#include "../laws/token_counter.hpp"

#include <kvt/data/policies.hpp>

#include <doctest/doctest.h>

using namespace kvt;

static_assert(data::sources::contains<"recall">);
static_assert(std::same_as<data::tokenizers::get<"approx_v2">, data::approx_cjk_tokenizer>);

TEST_CASE("every registered policy meets its contract under its own name") {
    data::sources::each([](std::string_view name, auto type) {
        using source = typename decltype(type)::type;
        static_assert(data::source<source>);
        CHECK(source::name == name);
    });
    data::tokenizers::each([](std::string_view name, auto type) {
        using tokenizer = typename decltype(type)::type;
        static_assert(data::token_counter<tokenizer>);
        CHECK(tokenizer::name == name);
    });
    data::binnings::each([](std::string_view name, auto type) {
        using bins = typename decltype(type)::type;
        static_assert(data::binning<bins>);
        CHECK(bins::name == name);
    });
}

TEST_CASE("parameters come from configuration") {
    auto const parameters = parse_json(R"({"lengths": [64], "n_examples": 2, "keys": "grid", "depth": 0.5, "records_min": 1})");
    auto const n = data::sources::visit("recall", parameters, "dataset", [](auto const& source) {
        run_context context;
        return source.load(context).size();
    });
    CHECK(n == 2);
    CHECK_THROWS_AS((void)data::sources::visit("recal", {}, "dataset.source", [](auto const&) { return 0; }), error);
}
