#include "laws/tokenizer.hpp"
#include "small_model.hpp"

#include <kvt/model/tokenizer.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using kvt::json;
using kvt::model::text_place;
using kvt::model::word_tokenizer;
using ids = std::vector<std::int32_t>;

namespace {

json description() {
    return json::of({{"vocab", json::of({{"<bos>", 0},
                                         {"<unk>", 1},
                                         {"red", 2},
                                         {"1", 3},
                                         {".", 4},
                                         {"'", 5},
                                         {"s", 6},
                                         {"?", 7},
                                         {"<pad>", 8}})},
                     {"unk_token", "<unk>"},
                     {"bos_token", "<bos>"},
                     {"pad_token", "<pad>"},
                     {"add_bos", true}});
}
std::string complaint(json const& d) {
    return refusal([&] { word_tokenizer const t{d, "t.json"}; });
}

}  // namespace

TEST_CASE("the built-in tokenizer gives the reference's ids and its answers' texts") {
    auto const t = word_tokenizer::load(small::recall() + "/tokenizer.json");
    CHECK(t.size() == 256);
    CHECK(t.begin() == 1);
    CHECK(t.end() == 2);
    CHECK(t.unknown() == 3);
    CHECK(t.identity().size() == 64);
    auto const named = [](char const* text) { return kvt::model::word_tokenizer{kvt::parse_json(text)}.identity(); };
    auto const plain = named(R"({"vocab": {"a": 0, "b": 1, "u": 2}, "unk_token": "u", "bos_token": "b"})");
    CHECK(plain ==
          named(R"({"vocab": {"u": 2, "b": 1, "a": 0}, "bos_token": "b", "unk_token": "u", "add_bos": true})"));
    for (auto const* other :
         {R"({"vocab": {"a": 0, "b": 1, "u": 2}, "unk_token": "u", "bos_token": "a"})",
          R"({"vocab": {"a": 0, "b": 1, "u": 2}, "unk_token": "u", "bos_token": "b", "add_bos": false})",
          R"({"vocab": {"a": 0, "b": 1, "u": 2}, "unk_token": "u", "bos_token": "b", "pad_token": "a"})",
          R"({"vocab": {"b": 0, "a": 1, "u": 2}, "unk_token": "u", "bos_token": "a"})"})
        CHECK(named(other) != plain);
    auto const fixture = kvt::read_json_file(small::root() + "/tests/model/fixture.json");
    int texts = 0;
    for (auto const& p : fixture.at("prompts").items()) {
        if (auto const* text = p.find("text")) {
            CHECK(t.encode(text->text()) == small::from_hex(p.at("ids").text()));
            ++texts;
        }
        CHECK(t.decode(small::from_hex(p.at("greedy").text())) == p.at("expected").text());
        auto const all = small::from_hex(p.at("ids").text());
        CHECK(t.encode(t.decode(all)) == all);
    }
    CHECK(texts == 3);
}

TEST_CASE("the word tokenizer keeps the laws of a tokenizer") {
    std::vector<std::string> const texts{
        "", " ", "red", "the access code of the red seal is 6 1 2 2 .", "12?'s", "\xFF\x00 x", "<bos> <eos>"};
    laws::tokenizer(word_tokenizer::load(small::recall() + "/tokenizer.json"), texts);
    laws::tokenizer(word_tokenizer{description()}, texts);
}

TEST_CASE("words, punctuation, digits, case and white space") {
    word_tokenizer const t{description()};
    CHECK(t.encode("") == ids{0});
    CHECK(t.encode("", text_place::continuation).empty());
    CHECK(t.encode(" Red\tRED\nred\r\n") == ids{0, 2, 2, 2});
    CHECK(t.encode("red's11.") == ids{0, 2, 5, 6, 3, 3, 4});
    CHECK(t.encode("blue red1red") == ids{0, 1, 2, 3, 2});
    CHECK(t.encode("r\xC3\xA9"
                   "d") == ids{0, 1});
    CHECK(t.encode(std::string_view{"red\0red", 7}) == ids{0, 1});
    CHECK(t.encode("<bos> <pad> <unk> red") == ids{0, 1, 1, 1, 2});  // their names are no way to smuggle them in
}

TEST_CASE("a prompt in two pieces gives the ids of the whole") {
    word_tokenizer const t{description()};
    auto first = t.encode("red 1 .");
    auto const second = t.encode("what ? red", text_place::continuation);
    first.insert(first.end(), second.begin(), second.end());
    CHECK(first == t.encode("red 1 . what ? red"));
}

TEST_CASE("decoding joins words by a space and leaves special tokens out") {
    word_tokenizer const t{description()};
    CHECK(t.decode(ids{0, 2, 8, 1, 4}) == "red <unk> .");
    CHECK(t.decode({}).empty());
    CHECK_THROWS_WITH_AS((void)t.decode(ids{9}), "tokenizer: token 9; expected 0 to 8", kvt::error);
    CHECK_THROWS_AS((void)t.decode(ids{-1}), kvt::error);
}

TEST_CASE("a vocabulary that does not number its words, or lacks one it names, is refused") {
    auto const with = [](char const* key, json value) {
        auto d = description();
        d[key] = std::move(value);
        return complaint(d);
    };
    CHECK(complaint(description()) == "");
    CHECK(with("vocab", nullptr) == "t.json: no vocabulary under \"vocab\"; expected words with their ids");
    CHECK(with("vocab", json::of({{"a", 0}, {"<unk>", 0}})) ==
          "t.json: vocab: the id of \"<unk>\" is 0; expected ids 0 to 1, each once");
    CHECK(with("vocab", json::of({{"a", 0}, {"<unk>", 2}})) ==
          "t.json: vocab: the id of \"<unk>\" is 2; expected ids 0 to 1, each once");
    CHECK(with("vocab", json::of({{"a", 0}, {"<unk>", "1"}})) ==
          "t.json: vocab: the id of \"<unk>\" is \"1\"; expected ids 0 to 1, each once");
    CHECK(with("bos_token", "<start>") == "t.json: bos_token is \"<start>\"; expected a word of the vocabulary");
    CHECK(with("unk_token", nullptr) == "t.json: no \"unk_token\"");
    auto d = description();
    d["add_bos"] = false;
    CHECK(word_tokenizer{d}.encode("red") == ids{2});
    d["vocab"]["green"] = 9;
    CHECK(word_tokenizer{d}.identity() != word_tokenizer{description()}.identity());
}
