#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/bca.hpp>

using namespace kvt::numeric;

TEST_CASE("symmetric replicates around the estimate need no correction") {
    std::vector<double> replicates;
    for (int i = -500; i <= 500; ++i) replicates.push_back(i);
    std::vector<double> const jackknife{-1, 0, 1};
    auto const c = bca_correction_of(replicates, 0, jackknife);
    CHECK(c.bias == doctest::Approx(0).epsilon(1e-12));
    CHECK(c.acceleration == 0);
    auto const [low, high] = bca_shares(c, 0.05);
    CHECK(low == doctest::Approx(0.025).epsilon(1e-9));
    CHECK(high == doctest::Approx(0.975).epsilon(1e-9));
}

TEST_CASE("known corrections") {
    // Three of four replicates lie below: z0 = Φ⁻¹(0.75). Jackknife (0, 0, 3): d = 1, 1, -2, a = -6/(6·6^1.5).
    auto const c = bca_correction_of(std::vector{1.0, 2.0, 3.0, 9.0}, 5, std::vector{0.0, 0.0, 3.0});
    CHECK(c.bias == doctest::Approx(0.6744897501960817));
    CHECK(c.acceleration == doctest::Approx(-1 / std::pow(6.0, 1.5)));
    auto const [low, high] = bca_shares(c, 0.1);
    auto const share = [&](double z) {
        return normal_cdf(c.bias + (c.bias + z) / (1 - c.acceleration * (c.bias + z)));
    };
    CHECK(low == doctest::Approx(share(-1.6448536269514722)));
    CHECK(high == doctest::Approx(share(1.6448536269514722)));
}

TEST_CASE("replicates all on one side, equal ones, and a jackknife without spread stay finite") {
    std::vector<double> const flat(100, 2.0);
    CHECK(bca_correction_of(flat, 2, flat).bias == doctest::Approx(0).epsilon(1e-12));
    CHECK(bca_correction_of(flat, 3, flat).bias == doctest::Approx(normal_quantile(0.995)));
    CHECK(bca_correction_of(flat, 1, flat).bias == doctest::Approx(normal_quantile(0.005)));
    CHECK(bca_correction_of(flat, 1, flat).acceleration == 0);
    CHECK(bca_correction_of(flat, 1, std::vector{1.0, std::nan("")}).acceleration == 0);
    // A great acceleration turns the ends into the last replicates instead of crossing them.
    auto const [low, high] = bca_shares({0, 0.9}, 0.05);
    CHECK(low >= 0);
    CHECK(high == 1);
    CHECK(replicate_positions(10, low, high).second == 9);
}

TEST_CASE("replicates at the ends of shares") {
    std::vector<double> replicates{5, 1, 4, 2, 3};
    CHECK(replicate_interval(replicates, {0.2, 0.8}) == interval{2, 5});
    CHECK(replicate_interval(replicates, {0.0, 1.0}) == interval{1, 5});
    CHECK(replicate_interval(replicates, {0.7, 0.1}) == interval{4, 4});
}
