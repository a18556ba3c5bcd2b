#include "../laws/token_counter.hpp"

#include <kvt/data/tokenizer.hpp>

#include <doctest/doctest.h>

using namespace kvt;
using namespace kvt::data;

TEST_CASE("the approximations keep the laws of token counters") {
    laws::token_counter(approx_tokenizer{.model = "m"});
    laws::token_counter(approx_cjk_tokenizer{.model = "m"});
}

TEST_CASE("identities name the model and the way of counting") {
    CHECK(approx_tokenizer{.model = "m"}.identity().key() == "m|approx_v1");
    CHECK(approx_cjk_tokenizer{.model = "m"}.identity() == tokenizer_identity{"m", "approx_v2"});
}

TEST_CASE("an example is as long as its context, a blank line and its question") {
    example e;
    CHECK(prompt_length(approx_tokenizer{}, e) == 1);  // the blank line alone
    e.context = "ctx words here";
    e.question = "a question?";
    CHECK(prompt_length(approx_tokenizer{}, e) == 5);
    e.context = "\u6BB5\u843D1\uFF1A\u4E91\u4E2D";
    e.question = "\u54EA\u4E00\u6BB5\uFF1F";
    CHECK(prompt_length(approx_tokenizer{}, e) == 2);
    CHECK(prompt_length(approx_cjk_tokenizer{}, e) == 9);
}

TEST_CASE("a conversation costs more than its contents") {
    std::vector<std::string_view> const contents{"one two", "three"};
    CHECK(chat_length(approx_tokenizer{}, contents, {}) == 3 + 2 * 4 + 3);
}

TEST_CASE("the share of characters that approx_v1 does not see as tokens") {
    std::vector<example> examples(2);
    CHECK(ideograph_share(examples) == 0);
    examples[0].context = "\u6BB5\u843D";
    examples[1].question = "ab";
    CHECK(ideograph_share(examples) == doctest::Approx(0.5));
}
