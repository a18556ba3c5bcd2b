#include <support/refusal.hpp>

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/rank_correlation.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::numeric;

namespace {

std::vector<double> draw(kvt::random_stream& stream, std::size_t n, std::uint64_t kinds) {
    std::vector<double> out(n);
    for (auto& v : out) v = static_cast<double>(stream.below(kinds));
    return out;
}

}  // namespace

TEST_CASE("ranks") {
    CHECK(ranks(std::vector<double>{30, 10, 20}) == std::vector<double>{3, 1, 2});
    CHECK(ranks(std::vector<double>{5, 1, 5, 5}) == std::vector<double>{3, 1, 3, 3});
    CHECK(ranks({}).empty());
}

TEST_CASE("without ties Spearman's is 1 - 6 sum d^2 / (n^3 - n)") {
    kvt::random_stream stream{3, "spearman"};
    for (int round = 0; round < 1000; ++round) {
        std::size_t const n = 2 + stream.below(30);
        std::vector<double> a(n), b(n);
        for (std::size_t i = 0; i < n; ++i) a[i] = stream.unit(), b[i] = stream.unit();
        auto const ra = ranks(a), rb = ranks(b);
        double squares = 0;
        for (std::size_t i = 0; i < n; ++i) squares += (ra[i] - rb[i]) * (ra[i] - rb[i]);
        auto const m = static_cast<double>(n);
        REQUIRE(*spearman(a, b) == doctest::Approx(1 - 6 * squares / (m * m * m - m)));
        auto grown = a;
        for (auto& v : grown) v = std::exp(v);
        REQUIRE(*spearman(grown, b) == *spearman(a, b));
        REQUIRE(*spearman(b, a) == doctest::Approx(*spearman(a, b)));
    }
}

TEST_CASE("with ties: within [-1, 1], antisymmetric, and null without variation") {
    kvt::random_stream stream{4, "ties"};
    for (int round = 0; round < 1000; ++round) {
        std::size_t const n = 1 + stream.below(20);
        auto const a = draw(stream, n, 4), b = draw(stream, n, 4);
        auto minus = a;
        for (auto& v : minus) v = -v;
        auto const r = spearman(a, b), opposite = spearman(minus, b);
        bool const flat = std::ranges::count(a, a[0]) == static_cast<std::ptrdiff_t>(n) ||
                          std::ranges::count(b, b[0]) == static_cast<std::ptrdiff_t>(n);
        REQUIRE(r.has_value() == !flat);
        if (!r) continue;
        REQUIRE(std::abs(*r) <= 1);
        REQUIRE(*opposite == doctest::Approx(-*r));
    }
    CHECK(!spearman(std::vector<double>{1}, std::vector<double>{1}));
    CHECK(*correlation(std::vector<double>{1, 2, 3}, std::vector<double>{2, 4, 6}) == doctest::Approx(1));
    CHECK(holds(refusal([] {
                    (void)spearman(std::vector<double>{1}, std::vector<double>{1, 2});
                }),
                "differ in length"));
}

TEST_CASE("a correlation that is all the third's disappears") {
    kvt::random_stream stream{5, "partial"};
    std::vector<double> cause(4000), a, b;
    for (auto& c : cause) {
        c = stream.unit();
        a.push_back(c + 0.3 * stream.unit()), b.push_back(c + 0.3 * stream.unit());
    }
    CHECK(*spearman(a, b) > 0.8);
    CHECK(std::abs(*partial_spearman(a, b, cause)) < 0.05);
    CHECK(!partial_spearman(a, b, a));
    std::vector<double> const unrelated = draw(stream, a.size(), 1'000'000);
    CHECK(*partial_spearman(a, b, unrelated) == doctest::Approx(*spearman(a, b)).epsilon(0.02));
}
