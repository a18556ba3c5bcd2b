#include "../laws/source.hpp"

#include <kvt/data/detail/recall_words.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/data/word_tokenizer.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace kvt;
using data::recall;

namespace {

std::vector<std::string> words_of(std::string const& text) {
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string w; in >> w;) out.push_back(w);
    return out;
}
/// The prompt as the model sees it: <bos>, then one word a token.
std::vector<std::string> tokens_of(data::example const& e) {
    auto out = words_of(e.context + " " + e.question);
    out.insert(out.begin(), "<bos>");
    return out;
}
std::string joined(std::vector<std::string> const& tokens, data::token_span span) {
    std::string out;
    for (auto i = span.begin; i < span.end; ++i) out += (out.empty() ? "" : " ") + tokens[static_cast<std::size_t>(i)];
    return out;
}
template <class List> bool among(List const& list, std::string const& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// A sentence with its words replaced by the names of their lists.
std::string shape_of(std::vector<std::string> const& sentence) {
    using namespace data::detail;
    std::string out;
    for (auto const& w : sentence) {
        out += out.empty() ? "" : " ";
        if (w.size() == 1 && w[0] >= '0' && w[0] <= '9') out += "D";
        else if (among(key_adjectives, w)) out += "A";
        else if (among(key_nouns, w)) out += "N";
        else if (among(filler_adjectives, w)) out += "F";
        else if (among(places, w)) out += "P";
        else if (among(verbs, w)) out += "V";
        else if (among(adverbs, w)) out += "R";
        else out += w;
    }
    return out;
}

struct parsed {
    std::map<std::string, std::size_t> shapes;
    std::map<std::string, std::string> records;  ///< key -> value
    std::vector<std::string> distractors;        ///< keys
    std::size_t record_tokens = 0, tokens = 0;
};
parsed parse(data::example const& e) {
    parsed out;
    std::vector<std::string> sentence;
    for (auto const& word : words_of(e.context)) {
        sentence.push_back(word);
        ++out.tokens;
        if (word != ".") continue;
        auto const shape = shape_of(sentence);
        ++out.shapes[shape];
        auto const noun = std::find_if(sentence.begin(), sentence.end(),
                                       [](auto const& w) { return among(data::detail::key_nouns, w); });
        if (noun != sentence.end()) {
            auto const key = *std::prev(noun) + " " + *noun;
            if (shape.ends_with("the access code of the A N is D D D D .")) {
                std::string value;
                for (auto w = noun + 2; w != sentence.end(); ++w) value += (value.empty() ? "" : " ") + *w;
                CHECK(out.records.emplace(key, value).second);
                out.record_tokens += sentence.size();
            } else {
                out.distractors.push_back(key);
            }
        }
        sentence.clear();
    }
    CHECK(sentence.empty());
    return out;
}

std::vector<data::example> load(recall const& source) {
    run_context context;
    return source.load(context);
}

}  // namespace

TEST_CASE("recall keeps the laws of sources") {
    laws::source(recall{.n_examples = 3});
    laws::source(recall{.task = "two_key", .n_examples = 3});
}

TEST_CASE("prompts are as long as asked, by the model's own count") {
    data::word_tokenizer const counter;
    for (std::int64_t seed : {1, 2, 3}) {
        recall const source{.n_examples = 12, .seed = seed};
        for (auto const& e : load(source)) {
            auto const bin = e.meta.at("length_bin").integer(), length = e.meta.at("length").integer();
            CHECK(static_cast<std::int64_t>(counter.count(e.context + " " + e.question)) == length);
            CHECK(static_cast<std::int64_t>(tokens_of(e).size()) == length);
            CHECK(length <= bin);
            CHECK(static_cast<double>(length) >= 0.85 * static_cast<double>(bin));
        }
    }
}

TEST_CASE("lengths within a bin are spread over it") {
    std::set<std::int64_t> seen;
    for (auto const& e : load({.lengths = {256}, .n_examples = 600})) seen.insert(e.meta.at("length").integer());
    CHECK(*seen.begin() == 218);
    CHECK(*seen.rbegin() == 256);
    CHECK(seen.size() == 39);
}

TEST_CASE("every sentence belongs to the grammar, keys are distinct and distractors name none of them") {
    std::set<std::string> const allowed{"the access code of the A N is D D D D .",
                                        "note that the access code of the A N is D D D D .",
                                        "remember : the access code of the A N is D D D D .",
                                        "it was said that the access code of the A N is D D D D .",
                                        "the F P V R near the P .",
                                        "a P V R while the P V .",
                                        "the P was F and F .",
                                        "after that , the P V by the F P .",
                                        "it V past the F P and V R .",
                                        "a A N was near the F P .",
                                        "the A N V R in the P ."};
    std::map<std::string, std::size_t> shapes;
    for (auto const& e : load({.lengths = {128, 512, 2048}, .n_examples = 60})) {
        auto const p = parse(e);
        for (auto const& [shape, n] : p.shapes) {
            if (!allowed.contains(shape)) FAIL(shape);
            shapes[shape] += n;
        }
        CHECK(static_cast<std::int64_t>(p.records.size()) == e.meta.at("n_records").integer());
        CHECK(p.records.size() >= 2);
        for (auto const& key : p.distractors) CHECK_FALSE(p.records.contains(key));
    }
    CHECK(shapes.size() == allowed.size());
    auto const records = shapes["the access code of the A N is D D D D ."],
               led = shapes["note that the access code of the A N is D D D D ."];
    CHECK(static_cast<double>(records) / static_cast<double>(led) == doctest::Approx(2).epsilon(0.15));
    std::size_t filler = 0, distractors = 0;
    for (auto const& [shape, n] : shapes)
        if (!holds(shape, "access")) (holds(shape, " N ") ? distractors : filler) += n;
    CHECK(static_cast<double>(distractors) / static_cast<double>(filler + distractors) ==
          doctest::Approx(0.15).epsilon(0.1));
}

TEST_CASE("records fill their share of the body") {
    for (auto const& e : load({.lengths = {2048}, .n_examples = 80})) {
        auto const p = parse(e);
        auto const share = static_cast<double>(p.record_tokens) / static_cast<double>(p.tokens);
        CHECK(share > 0.13);
        CHECK(share <= 0.6);
    }
    for (auto const& e : load({.lengths = {512}, .n_examples = 10, .n_records = 7}))
        CHECK(parse(e).records.size() == 7);
    for (auto const& e : load({.lengths = {512}, .n_examples = 10, .fill_min = 1, .fill_max = 1})) {
        auto const p = parse(e);
        CHECK(p.tokens - p.record_tokens < 17);
    }
}

TEST_CASE("the asked record stands where the example says, and holds the answer") {
    for (auto const& e : load({.n_examples = 10})) {
        auto const tokens = tokens_of(e);
        auto const p = parse(e);
        auto const spans = evidence_of(e);
        REQUIRE(spans.size() == 1);
        auto const record = joined(tokens, spans[0]);
        auto const key = record.substr(23, record.find(" is ") - 23);
        REQUIRE(p.records.contains(key));
        CHECK(e.answers == std::vector<std::string>{p.records.at(key)});
        CHECK(record == "the access code of the " + key + " is " + e.answers[0]);
        auto const value = from_json<data::token_span>(e.meta.at("value").items().at(0));
        CHECK(joined(tokens, value) + " ." == e.answers[0]);
        CHECK(e.question ==
              "question : what is the access code of the " + key + " ? answer : the access code of the " + key + " is");
    }
}

TEST_CASE("two keys are asked in one question") {
    for (auto const& e : load({.task = "two_key", .n_examples = 10})) {
        auto const tokens = tokens_of(e);
        auto const spans = evidence_of(e);
        REQUIRE(spans.size() == 2);
        auto const one = joined(tokens, spans[0]), two = joined(tokens, spans[1]);
        CHECK(one != two);
        CHECK(e.answers[0] == one.substr(0, one.size() - 1) + "and " + two);
        CHECK(e.question.starts_with("question : what are the access codes of the " +
                                     one.substr(23, one.find(" is ") - 23)));
        CHECK(e.question.ends_with("? answer :"));
        CHECK(static_cast<std::int64_t>(tokens.size()) == e.meta.at("length").integer());
    }
}

TEST_CASE("an example is a function of parameters and position alone") {
    recall const source{.lengths = {128, 256}, .n_examples = 5};
    auto const all = load(source);
    for (std::int64_t i = 9; i >= 0; --i) CHECK(to_json(source.make(i)) == to_json(all[static_cast<std::size_t>(i)]));
    auto other = source;
    other.seed = 2;
    CHECK(other.make(0).context != all[0].context);
    CHECK_THROWS_AS((void)source.make(10), error);
    CHECK_THROWS_AS((void)source.make(-1), error);
    CHECK(all[0].example_id.starts_with("one_key_128_0000_"));
    CHECK(all[9].example_id.starts_with("one_key_256_0009_"));
}

TEST_CASE("the first prompt stays what it is") {
    auto const e = recall{.lengths = {64}, .n_examples = 1, .records_min = 1}.make(0);
    CAPTURE(e.context);
    CHECK(sha256_hex(dump(to_json(e), json_style::canonical), 16) == "ac2ae72621362880");
}

TEST_CASE("the depth of the asked record is uniform, or as asked") {
    double sum = 0;
    int low = 0;
    auto const many = load({.lengths = {512}, .n_examples = 1000});
    for (auto const& e : many) {
        auto const depth = e.meta.at("needle_depth").real();
        CHECK(depth >= 0);
        CHECK(depth <= 1);
        sum += depth;
        low += depth < 0.25;
    }
    CHECK(sum / 1000 == doctest::Approx(0.5).epsilon(0.06));
    CHECK(low > 200);
    CHECK(low < 300);
    for (double depth : {0.0, 0.25, 0.5, 1.0})
        for (auto const& e : load({.lengths = {512}, .n_examples = 10, .depth = depth}))
            CHECK(e.meta.at("needle_depth").real() == doctest::Approx(depth).epsilon(0.02));
}

TEST_CASE("keys come from a grid or from anywhere") {
    auto const distinct_adjectives = [](data::key_pool pool) {
        std::size_t most = 0;
        for (auto const& e : load({.lengths = {1024}, .n_examples = 10, .n_records = 16, .keys = pool})) {
            std::set<std::string> adjectives;
            for (auto const& [key, value] : parse(e).records) adjectives.insert(key.substr(0, key.find(' ')));
            most = std::max(most, adjectives.size());
        }
        return most;
    };
    CHECK(distinct_adjectives(data::key_pool::grid) <= 6);  // 1.3 * sqrt(16) rounded up
    CHECK(distinct_adjectives(data::key_pool::all) > 8);
    CHECK(distinct_adjectives(data::key_pool::mixed) > 8);
}

TEST_CASE("very long prompts use up the keys and no more") {
    auto const e = recall{.lengths = {60000}, .n_examples = 1, .fill_min = 0.9, .fill_max = 0.9}.make(0);
    CHECK(parse(e).records.size() == 1900);
}

TEST_CASE("parameters that make no sense are named") {
    auto const refused = [](recall const& r) { return refusal([&] { (void)load(r); }); };
    CHECK(holds(refused({.task = "three_key"}), "one of its 2 tasks: one_key, two_key"));
    CHECK(holds(refused({.lengths = {}}), "dataset.recall.lengths: empty"));
    CHECK(holds(refused({.lengths = {40}}), "dataset.recall.lengths: 40 tokens do not hold 2 records"));
    CHECK(holds(refused({.lengths = {std::int64_t{1} << 40}}), "dataset.recall.lengths"));
    CHECK(holds(refused({.n_examples = 0}), "dataset.recall.n_examples: 0"));
    CHECK(holds(refused({.lengths = {512, 1024}, .n_examples = std::int64_t{1} << 62}),
                "expected 1..500000 for each length"));
    CHECK(holds(refused({.n_records = 0}), "dataset.recall.n_records: 0"));
    CHECK(holds(refused({.n_records = 60}), "do not hold 60 records"));
    CHECK(holds(refused({.task = "two_key", .records_min = 1}), "dataset.recall.records_min: 1"));
    CHECK(holds(refused({.fill_min = 0.5, .fill_max = 0.4}), "dataset.recall.fill_max: 0.4; expected 0.5..1"));
    CHECK(holds(refused({.depth = 1.5}), "dataset.recall.depth: 1.5"));
    CHECK(holds(refused({.distractor_share = -0.1}), "dataset.recall.distractor_share"));
    CHECK(holds(refused({.min_length_share = 0}), "dataset.recall.min_length_share"));
}

TEST_CASE("the words are those of the shipped model") {
    auto const vocabulary = read_json_file("config/models/recall/tokenizer.json").at("vocab");
    auto const known = [&](auto const& list) {
        for (auto word : list) CHECK(vocabulary.find(word) != nullptr);
    };
    using namespace data::detail;
    known(key_adjectives), known(key_nouns), known(filler_adjectives), known(places), known(verbs), known(adverbs);
    for (auto const& e : load({.n_examples = 4}))
        for (auto const& word : words_of(e.context + " " + e.question + " " + e.answers[0]))
            if (vocabulary.find(word) == nullptr) FAIL(word);
}
