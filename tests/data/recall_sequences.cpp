#include <kvt/data/recall_sequences.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace kvt;
using data::recall_sequence;
using data::recall_sequences;

namespace {

/// As the model sees it: <bos>, then one word a token.
std::vector<std::string> tokens_of(recall_sequence const& s) {
    std::istringstream in{s.text};
    std::vector<std::string> out{"<bos>"};
    for (std::string w; in >> w;) out.push_back(w);
    return out;
}
std::string joined(std::vector<std::string> const& tokens, std::int64_t begin, std::int64_t end) {
    std::string out;
    for (auto i = begin; i < end; ++i) out += (out.empty() ? "" : " ") + tokens[static_cast<std::size_t>(i)];
    return out;
}

/// Key to code, of everything that reads `the access code of the A N is D D D D` before the first question.
std::map<std::string, std::string> records_of(std::vector<std::string> const& tokens) {
    std::map<std::string, std::string> out;
    auto const stem = std::string{"the access code of the"};
    for (std::size_t i = 0; i + 12 <= tokens.size(); ++i) {
        auto const at = static_cast<std::int64_t>(i);
        if (joined(tokens, at, at + 5) != stem || tokens[i + 7] != "is") continue;
        auto const code = joined(tokens, at + 8, at + 12);
        auto const [held, fresh] = out.emplace(joined(tokens, at + 5, at + 7), code);
        if (!fresh) CHECK(held->second == code);  // asked again: the same answer
    }
    return out;
}

}  // namespace

TEST_CASE("texts are as long as asked for, of the model's words, and a function of seed and label") {
    recall_sequences const how{.two_key_share = 0.15};
    for (std::int64_t tokens : {64, 129, 257, 2049}) {
        auto const s = how.make(tokens, "a");
        CHECK(tokens_of(s).size() == static_cast<std::size_t>(tokens));
        CHECK(how.make(tokens, "a").text == s.text);
        CHECK(how.make(tokens, "b").text != s.text);
    }
    recall_sequences other = how;
    other.seed = 2;
    CHECK(other.make(129, "a").text != how.make(129, "a").text);
}

TEST_CASE("every answer is what the body says, and everything else is outside the answers") {
    for (double two : {0.0, 0.4}) {
        recall_sequences const how{.two_key_share = two};
        std::int64_t answers = 0, pairs = 0, records = 0;
        for (int i = 0; i < 200; ++i) {
            auto const s = how.make(257, std::to_string(i));
            auto const tokens = tokens_of(s);
            auto const known = records_of(tokens);
            records += s.n_records;
            CHECK(static_cast<std::int64_t>(known.size()) == s.n_records);
            for (auto const& span : s.answers) {
                bool const cut = span.end == 257;
                auto const text = joined(tokens, span.begin, span.end);
                ++answers;
                if (cut) continue;
                if (text.starts_with("the")) {
                    ++pairs;
                    CHECK(span.end - span.begin == 26);
                    CHECK(tokens[static_cast<std::size_t>(span.begin) - 1] == ":");
                    continue;
                }
                auto const key = joined(tokens, span.begin - 3, span.begin - 1);
                REQUIRE(known.contains(key));
                CHECK(text == known.at(key) + " .");
            }
        }
        CHECK(answers > 200 * 4);
        CHECK(records > 200 * 3);
        CHECK((pairs > 0) == (two > 0));
    }
}

TEST_CASE("at 128 tokens there are about four answers or more") {
    recall_sequences const how{};
    double answers = 0;
    for (int i = 0; i < 500; ++i) answers += static_cast<double>(how.make(129, std::to_string(i)).answers.size());
    CHECK(answers / 500 > 3.2);
    CHECK(answers / 500 < 6);
}

TEST_CASE("what is out of range is refused by name") {
    CHECK(holds(refusal([] { (void)recall_sequences{}.make(63, ""); }), "64"));
    CHECK(holds(refusal([] { (void)recall_sequences{.body_min = 0.1}.make(128, ""); }), "body_min"));
    CHECK(holds(refusal([] { (void)recall_sequences{.recap_share = 2}.make(128, ""); }), "recap_share"));
}
