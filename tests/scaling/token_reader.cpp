#include <kvt/scaling/token_reader.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <numeric>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("a sequence in memory begins anew behind its end") {
    std::vector<std::int32_t> ids(10);
    std::iota(ids.begin(), ids.end(), 0);
    token_reader const reader = token_sequence{ids, 10};
    CHECK(reader.size() == 10);
    CHECK(reader.vocab_size() == 10);
    auto const b = reader.read(18, 2, 3);
    CHECK(b.tokens.ids == std::vector<std::int32_t>{8, 9, 0, 1, 2, 3});
    CHECK(b.tokens.targets == std::vector<std::int32_t>{9, 0, -100, 2, 3, -100});
    CHECK(b.asked.empty());
    CHECK(reader.read(0, 1, 25).tokens.ids.size() == 25);
}

TEST_CASE("the last share is for validation") {
    std::vector<std::int32_t> ids(10);
    std::iota(ids.begin(), ids.end(), 0);
    CHECK(split_tokens(ids, data_split::training, 0.25, "x").size() == 8);
    CHECK(split_tokens(ids, data_split::validation, 0.25, "x") == std::vector<std::int32_t>{8, 9});
    CHECK(holds(refusal([&] { (void)split_tokens(ids, data_split::training, 1, "x"); }), "x.held_out"));
    CHECK(holds(refusal([&] { (void)split_tokens(ids, data_split::validation, 0.01, "x"); }), "validation"));
    CHECK(holds(refusal([] { token_sequence{{}, 3}; }), "no tokens"));
}
