#include <kvt/core/random.hpp>
#include <kvt/text/overlap.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace kvt;
using namespace kvt::text;

TEST_CASE("overlap of small answers") {
    CHECK(overlap_f1("", "", overlap::multiset) == 1);
    CHECK(overlap_f1("", "a", overlap::multiset) == 0);
    CHECK(overlap_f1("a", "", overlap::set) == 0);
    CHECK(overlap_f1("a b", "c d", overlap::multiset) == 0);
    CHECK(overlap_f1("the cat", "the dog", overlap::multiset) == doctest::Approx(0.5));
    CHECK(overlap_f1("a b c d", "b d", overlap::multiset) == doctest::Approx(2.0 / 3));
}

TEST_CASE("a right answer with a repeated word scores 1 as a multiset, less as a set") {
    CHECK(overlap_f1("6 1 2 2", "6 1 2 2", overlap::multiset) == 1);
    CHECK(overlap_f1("6 1 2 2", "6 1 2 2", overlap::set) == doctest::Approx(0.75));
    CHECK(count_overlap("a a a", "a a b") == overlap_counts{.multiset = 2, .set = 1, .pred_tokens = 3, .gold_tokens = 3});
}

TEST_CASE("both countings agree with counting by hand, and neither side matters") {
    random_stream stream{11, "overlap"};
    auto const draw = [&] {
        std::string text;
        for (auto n = stream.below(9); n > 0; --n) text += (text.empty() ? "" : " ") + std::string(1, static_cast<char>('a' + stream.below(4)));
        return text;
    };
    auto const tokens = [](std::string const& text) {
        std::map<char, std::size_t> out;
        for (char c : text)
            if (c != ' ') ++out[c];
        return out;
    };
    for (int round = 0; round < 2000; ++round) {
        auto const p = draw(), g = draw();
        auto const pc = tokens(p), gc = tokens(g);
        std::size_t multiset = 0, set = 0;
        for (auto const& [c, n] : pc)
            if (auto const at = gc.find(c); at != gc.end()) multiset += std::min(n, at->second), ++set;
        auto const counts = count_overlap(p, g);
        INFO("round ", round, ": ", p, " | ", g);
        REQUIRE(counts.multiset == multiset);
        REQUIRE(counts.set == set);
        REQUIRE(overlap_f1(p, g, overlap::multiset) == overlap_f1(g, p, overlap::multiset));
        REQUIRE(overlap_f1(p, g, overlap::set) <= overlap_f1(p, g, overlap::multiset));
        REQUIRE(overlap_f1(p, p, overlap::multiset) == 1);
    }
}
