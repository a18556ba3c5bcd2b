#include "../laws/token_source.hpp"

#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/recall_data.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("the recall task meets the laws") { laws::check_token_source(recall_data{}); }

TEST_CASE("answers cost as much as all else ten times over, and are what is asked") {
    recall_data const how{.two_key_share = 0};
    auto const words = model::word_tokenizer::load(how.tokenizer);
    auto const batch = how.open(data_split::training).read(0, 8, 128);
    double answers = 0, others = 0;
    for (std::size_t i = 0; i < batch.asked.size(); ++i) {
        auto const& word = words.word(batch.tokens.targets[i]);
        (batch.asked[i] != 0 ? answers : others) += static_cast<double>(batch.tokens.weights[i]);
        if (batch.asked[i] != 0) CHECK((word == "." || (word.size() == 1 && word[0] >= '0' && word[0] <= '9')));
    }
    CHECK(answers == doctest::Approx(1).epsilon(1e-5));
    CHECK(others == doctest::Approx(0.1).epsilon(1e-5));
    CHECK(words.word(batch.tokens.ids[0]) == "<bos>");
    CHECK(words.word(batch.tokens.ids[128]) == "<bos>");
}

TEST_CASE("two keys are asked for only in longer texts") {
    recall_data const how{.two_key_share = 1, .two_key_above = 128};
    auto const reader = how.open(data_split::training);
    auto const asked = [&](std::int64_t length) {
        std::int64_t n = 0;
        for (auto a : reader.read(0, 4, length).asked) n += a;
        return n;
    };
    auto const words = model::word_tokenizer::load(how.tokenizer);
    auto const codes = words.id_of("codes");
    auto const has = [&](std::int64_t length) {
        auto const b = reader.read(0, 4, length);
        return std::ranges::find(b.tokens.ids, codes) != b.tokens.ids.end();
    };
    CHECK_FALSE(has(128));
    CHECK(has(256));
    CHECK(asked(128) > 0);
}

TEST_CASE("what cannot be is refused") {
    CHECK(holds(refusal([] { (void)recall_data{.recap_share = 2}.open(data_split::training); }), "recap_share"));
    CHECK(holds(refusal([] { (void)recall_data{.other_weight = -1}.open(data_split::training); }), "other_weight"));
    CHECK(holds(refusal([] { (void)recall_data{.tokenizer = "/nowhere.json"}.open(data_split::training); }),
                "/nowhere.json"));
    scratch_folder const folder;
    auto const poor = folder.file("tokenizer.json", R"({"unk_token": "<unk>", "vocab": {"<unk>": 0, "the": 1}})");
    CHECK(holds(refusal([&] { (void)recall_data{.tokenizer = poor}.open(data_split::training); }),
                "words of the recall"));
}
