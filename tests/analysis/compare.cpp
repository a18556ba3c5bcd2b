#include "laws/interval_rule.hpp"

#include <kvt/analysis/compare.hpp>
#include <kvt/core/json.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/hypothesis.hpp>

using namespace kvt::analysis;
using kvt::numeric::bootstrap;

namespace {
std::vector<entry_score> scores(std::string_view label, std::size_t n, double shift = 0) {
    std::vector<entry_score> out;
    for (double const v : laws::some_scores(label, n))
        out.push_back({static_cast<std::int64_t>(out.size()), v + shift});
    return out;
}
}  // namespace

TEST_CASE("only shared entries are compared") {
    std::vector<entry_score> const base{{0, 1.0}, {1, 0.5}, {2, 1.0}}, other{{3, 0.0}, {2, 0.25}, {1, 0.5}};
    auto const c = compare(base, other, bootstrap{}, "x");
    CHECK(c.n_shared == 2);
    CHECK(c.n_only_base == 1);
    CHECK(c.n_only_other == 1);
    CHECK(c.mean_base == 0.75);
    CHECK(c.mean_other == 0.375);
    CHECK(c.difference == -0.375);
}

TEST_CASE("nothing shared, nothing said") {
    auto const c = compare(std::vector<entry_score>{{0, 1.0}}, std::vector<entry_score>{{1, 1.0}}, bootstrap{}, "x");
    CHECK(c.n_shared == 0);
    CHECK_FALSE(c.difference);
    CHECK_FALSE(c.p_fall);
    CHECK_FALSE(c.ci_low);
}

TEST_CASE("a steady fall is certain, a run against itself is not") {
    auto const base = scores("compare", 30), lower = scores("compare", 30, -0.05);
    auto const fall = compare(base, lower, bootstrap{}, "x");
    CHECK(*fall.ci_high < 0);
    CHECK(*fall.p_fall < 0.001);
    CHECK(*fall.p_two_sided < 0.002);
    auto const self = compare(base, base, bootstrap{}, "x");
    CHECK(*self.ci_low == 0);
    CHECK(*self.ci_high == 0);
    CHECK(*self.p_fall == 1);
    CHECK(*self.p_two_sided == 1);
}

TEST_CASE("swapping the sides turns the difference; order of entries does not matter") {
    auto const a = scores("a", 25), b = scores("b", 25);
    auto const ab = compare(a, b, bootstrap{}, "x"), ba = compare(b, a, bootstrap{}, "x");
    CHECK(*ab.difference == -*ba.difference);
    CHECK(*ab.p_two_sided == *ba.p_two_sided);
    auto turned_a = a, turned_b = b;
    std::ranges::reverse(turned_a), std::ranges::reverse(turned_b);
    CHECK(kvt::to_json(compare(turned_a, turned_b, bootstrap{}, "x")) == kvt::to_json(ab));
}

TEST_CASE("labels give streams: bootstrap and flips draw apart") {
    auto const a = scores("a", 25), b = scores("b", 25);
    auto const c = compare(a, b, bootstrap{}, "g|0.2|0");
    std::vector<double> d;
    for (std::size_t i = 0; i < a.size(); ++i) d.push_back(b[i].score - a[i].score);
    CHECK(c.ci_low == bootstrap{}.mean(d, "paired|g|0.2|0")->low);
    CHECK(c.p_fall == kvt::numeric::sign_flip(d, 2000, kvt::random_stream{1337, "flip|g|0.2|0"})->p_value);
}

TEST_CASE("an entry scored twice is refused") {
    std::vector<entry_score> const twice{{0, 1.0}, {0, 0.5}}, once{{0, 1.0}};
    CHECK_THROWS_WITH_AS((void)compare(once, twice, bootstrap{}, "x"), "entry 0: scored twice in one run", kvt::error);
}
