#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/corrections.hpp>

#include <vector>

using namespace kvt::numeric;

TEST_CASE("a worked example") {
    std::vector<double> const p{0.01, 0.04, 0.03};
    CHECK(holm(p) == std::vector{0.03, 0.06, 0.06});
    auto const bh = benjamini_hochberg(p);
    CHECK(bh[0] == doctest::Approx(0.03));
    CHECK(bh[1] == doctest::Approx(0.04));
    CHECK(bh[2] == doctest::Approx(0.04));
    CHECK(holm(std::vector<double>{}).empty());
    CHECK(benjamini_hochberg(std::vector<double>{}).empty());
}

TEST_CASE("adjusting never lowers a p-value, keeps the order, stays within 1, and Holm is the stricter") {
    kvt::random_stream stream{4, "corrections"};
    for (int round = 0; round < 100; ++round) {
        std::vector<double> p(1 + stream.below(12));
        for (double& v : p) v = stream.unit() * stream.unit();
        auto const strict = holm(p), mild = benjamini_hochberg(p);
        for (std::size_t i = 0; i < p.size(); ++i) {
            CHECK(mild[i] >= p[i] - 1e-15);
            CHECK(strict[i] >= mild[i] - 1e-15);
            CHECK(strict[i] <= 1);
            for (std::size_t j = 0; j < p.size(); ++j)
                if (p[i] < p[j]) CHECK((strict[i] <= strict[j] && mild[i] <= mild[j]));
        }
    }
}
