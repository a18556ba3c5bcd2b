#include "laws/metric.hpp"

#include <kvt/eval/exact_match.hpp>

using kvt::eval::exact_match;

TEST_CASE("exact_match keeps the laws of a metric") { laws::check_metric(exact_match{}, laws::symmetry::symmetric); }

TEST_CASE("case, punctuation and outer space do not count; inner words do") {
    exact_match const em;
    CHECK(em("  The Cat. ", "the cat") == 1);
    CHECK(em("the cat", "the cats") == 0);
    CHECK(em("...", "") == 1);
    CHECK(em("a - b", "a b") == 0);  // spaces are collapsed before the dash goes
}
