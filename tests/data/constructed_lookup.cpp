#include "../laws/source.hpp"

#include <kvt/data/constructed_lookup.hpp>
#include <kvt/text/lookup_words.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>

using namespace kvt;
using data::constructed_lookup;

namespace {

std::vector<std::string> words_of(std::string const& text) {
    std::istringstream in{text};
    return {std::istream_iterator<std::string>{in}, {}};
}

/// Key and value of every record in the context.
std::vector<std::pair<std::string, std::string>> records_of(data::example const& e) {
    std::vector<std::pair<std::string, std::string>> out;
    for (auto const& word : words_of(e.context))
        if (auto const at = word.find('='); at != word.npos) out.emplace_back(word.substr(0, at), word.substr(at + 1));
    return out;
}

bool among(auto const& list, std::string const& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string refused(constructed_lookup const& how) {
    return refusal([&] { (void)how.make(0); });
}

}  // namespace

TEST_CASE("constructed_lookup keeps the laws of a source") {
    laws::source(constructed_lookup{.lengths = {32, 64}, .n_examples = 3});
}

TEST_CASE("records with distinct keys among filler; the question asks for one, which stands where meta says") {
    run_context context;
    constructed_lookup const how{.lengths = {40, 200}, .n_examples = 20, .n_records = 10};
    auto const examples = how.load(context);
    REQUIRE(examples.size() == 40);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        auto const& e = examples[i];
        auto const words = words_of(e.context);
        auto const length = i < 20 ? 40 : 200;
        CHECK(static_cast<int>(words.size()) == length - 1 - constructed_lookup::question_tokens);  // and <bos>
        CHECK(e.meta.at("length").integer() == length);
        auto const records = records_of(e);
        std::map<std::string, std::string> const by_key{records.begin(), records.end()};
        CHECK(records.size() == 10);
        CHECK(by_key.size() == 10);
        CHECK(e.meta.at("n_records").integer() == 10);
        for (auto const& [key, value] : records) {
            CHECK(among(text::lookup_keys, key));
            CHECK(among(text::lookup_values, value));
        }
        for (auto const& word : words) CHECK((word.find('=') != word.npos || among(text::lookup_filler, word)));

        auto const question = words_of(e.question);
        REQUIRE(question.size() == 2);
        CHECK(question[0] == "find");
        auto const key = question[1].substr(0, question[1].size() - 1);
        REQUIRE(by_key.contains(key));
        CHECK(e.answers == std::vector<std::string>{key + " " + by_key.at(key) + " ."});
        auto const evidence = data::evidence_of(e);
        REQUIRE(evidence.size() == 1);
        CHECK(words.at(static_cast<std::size_t>(evidence[0].begin) - 1) == key + "=" + by_key.at(key));
        CHECK(evidence[0].end == evidence[0].begin + 1);
        CHECK(e.meta.at("needle_depth").real() ==
              doctest::Approx(static_cast<double>(evidence[0].begin - 1) / static_cast<double>(words.size() - 1)));
    }
}

TEST_CASE("an example depends on parameters and position alone") {
    constructed_lookup const how{.lengths = {64, 128}, .n_examples = 4};
    run_context context;
    auto const all = how.load(context);
    CHECK(to_json(how.make(5)) == to_json(all[5]));
    auto other = how;
    other.seed = 2;
    CHECK(other.make(5).context != how.make(5).context);
    CHECK(how.make(4).context != how.make(5).context);
    CHECK(how.make(5).example_id.starts_with("lookup_128_0005_"));
}

TEST_CASE("the asked record stands anywhere, or at the depth that was asked for; values are dealt out evenly") {
    constructed_lookup const how{.lengths = {35}, .n_examples = 800, .n_records = 12};
    std::map<std::int64_t, int> places;
    for (std::int64_t i = 0; i < how.n_examples; ++i) {
        auto const e = how.make(i);
        ++places[data::evidence_of(e).at(0).begin];
        std::map<std::string, int> values;
        for (auto const& [key, value] : records_of(e)) ++values[value];
        CHECK(values.size() == 12);
    }
    CHECK(places.size() == 32);
    CHECK(places.begin()->first == 1);
    CHECK(places.rbegin()->first == 32);
    for (auto const& [place, n] : places) CHECK(n > 5);  // 25 are expected
    for (auto const& [depth, place] : {std::pair{0.0, 1}, {0.5, 17}, {1.0, 32}})
        CHECK(data::evidence_of(constructed_lookup{.lengths = {35}, .depth = depth}.make(0)).at(0).begin == place);
}

TEST_CASE("as many records as fit: half of the words at most") {
    constructed_lookup const how{.lengths = {8, 13}, .n_examples = 1, .n_records = 32};
    CHECK(records_of(how.make(0)).size() == 2);
    CHECK(records_of(how.make(1)).size() == 5);
}

TEST_CASE("parameters that make no prompt are refused by name") {
    CHECK(refused({.task = "two_key"}) == "dataset.task: constructed_lookup has no task \"two_key\"; expected lookup");
    CHECK(refused({.lengths = {}}) == "dataset.constructed_lookup.lengths: empty; expected at least one length");
    CHECK(refused({.lengths = {64, 7}}) == "dataset.constructed_lookup.lengths: 7; expected 8..1048576");
    CHECK(refused({.n_examples = 0}) == "dataset.constructed_lookup.n_examples: 0; expected 1..200000 for each length");
    CHECK(refused({.n_records = 0}) == "dataset.constructed_lookup.n_records: 0; expected 1..32");
    CHECK(refused({.n_records = 33}) == "dataset.constructed_lookup.n_records: 33; expected 1..32");
    CHECK(refused({.depth = 1.5}) == "dataset.constructed_lookup.depth: 1.5; expected 0..1");
    constructed_lookup const how{.lengths = {64}, .n_examples = 2};
    CHECK(refusal([&] { (void)how.make(2); }) == "dataset.constructed_lookup: no example 2");
    CHECK_FALSE(refusal([&] { (void)how.make(-1); }).empty());
    CHECK(refused(how).empty());
}
