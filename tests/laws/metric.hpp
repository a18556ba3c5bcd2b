// Laws of eval::metric, applied to every model.
#pragma once

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/eval/metric.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace laws {

/// Answers as models write them: words with repetitions, punctuation, several scripts, nothing at all, broken bytes.
inline std::vector<std::string> answers() {
    std::vector<std::string> out{"", " ", "...", "a", "A", "the the", "the", "The cat sat.", "the cat sat on the mat",
                                 "42", "4 2", "\u53a6\u95e8\u5927\u5b66", "\u0130stanbul", "na\u00efve", "\xff\xfe",
                                 "a - b", "a b", "ERROR: x"};
    char const* const words[] = {"red", "Red,", "blue", "7", "7", "\u03a3\u03b1\u03c2"};
    kvt::random_stream stream{20, "metric law"};
    for (int i = 0; i < 20; ++i) {
        auto& text = out.emplace_back();
        for (auto n = stream.below(6); n > 0; --n) text += std::string{words[stream.below(6)]} + " ";
    }
    return out;
}

/// Whether swapping answer and gold changes nothing.
enum class symmetry { symmetric, directed };

template <kvt::eval::metric M> void check_metric(M const& measure, symmetry kind) {
    CHECK_FALSE(M::name.empty());
    auto const texts = answers();
    for (auto const& a : texts) {
        for (auto const& b : texts) {
            INFO(M::name, ": \"", a, "\" against \"", b, "\"");
            double const score = measure(a, b);
            REQUIRE(score >= 0);
            REQUIRE(score <= 1);
            REQUIRE(measure(a, b) == score);
            if (kind == symmetry::symmetric) REQUIRE(measure(b, a) == score);
        }
        if (a.find_first_not_of(' ') != std::string::npos) CHECK(measure(a, a) > 0);
    }
    CHECK(measure("Paris", "Paris") == 1);
    CHECK(measure("Paris", "London") == 0);

    // Of several golds the best counts, in any order, and more golds never hurt; none at all is 0.
    CHECK(best(measure, "Paris", std::vector<std::string>{}) == 0);
    std::vector<std::string> golds{"London", "Paris", "Rome"};
    CHECK(best(measure, "Paris", golds) == 1);
    std::ranges::reverse(golds);
    CHECK(best(measure, "Paris", golds) == 1);
    std::vector<std::string> grown;
    double before = 0;
    for (auto const& gold : texts) {
        grown.push_back(gold);
        double const now = best(measure, "the red cat", grown);
        CHECK(now >= before);
        before = now;
    }
}

}  // namespace laws
