#include "laws/metric.hpp"

#include <kvt/core/json.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>

using kvt::eval::token_f1;
using kvt::text::overlap;

TEST_CASE("token_f1 keeps the laws of a metric, with either count of repeated words") {
    laws::check_metric(token_f1{}, laws::symmetry::symmetric);
    laws::check_metric(token_f1{overlap::set}, laws::symmetry::symmetric);
}

TEST_CASE("closed forms") {
    // k of n answer words right, m gold words: P = k/n, R = k/m, F1 = 2k/(n + m).
    CHECK(token_f1{}("x y", "x y z") == doctest::Approx(4.0 / 5));
    CHECK(token_f1{}("a b c d", "d e") == doctest::Approx(2.0 / 6));
    CHECK(token_f1{}("the the", "the the") == 1);
    CHECK(token_f1{overlap::set}("the the", "the the") == 0.5);
}

TEST_CASE("an exact match has F1 1, and counting once never scores higher") {
    token_f1 const multiset, set{overlap::set};
    for (auto const& a : laws::answers())
        for (auto const& b : laws::answers()) {
            INFO("\"", a, "\" against \"", b, "\"");
            if (kvt::eval::exact_match{}(a, b) == 1) CHECK(multiset(a, b) == 1);
            CHECK(set(a, b) <= multiset(a, b));
        }
}

TEST_CASE("its parameter is read from configuration") {
    CHECK(kvt::from_json<token_f1>(kvt::parse_json(R"({"overlap": "set"})")).overlap == overlap::set);
    CHECK(token_f1{}.overlap == overlap::multiset);
}
