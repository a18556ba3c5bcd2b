#include <doctest/doctest.h>
#include <kvt/analysis/attribution.hpp>
#include <kvt/core/random.hpp>

using namespace kvt::analysis;

TEST_CASE("kinds of falls") {
    auto const kind = [](bin_pair const& bin) { return attribute(bin).kind; };
    CHECK(kind({0.8, 0.75, 0, 0.5}) == fall_kind::none);  // less than ten points
    CHECK(kind({0.8, 0.9, 0, 0}) == fall_kind::none);
    CHECK(kind({0.8, 0.6, 0, 0}) == fall_kind::degradation);
    CHECK(kind({0.8, 0.6, 0, 0.05}) == fall_kind::mixed);
    CHECK(kind({0.8, 0.6, 0, 0.1}) == fall_kind::failure_driven);
    CHECK(kind({0.6, 0.5, 0, 0}) == fall_kind::degradation);  // ten points, but for rounding
}

TEST_CASE("shares and bounds stay in range and hold the plain difference between them") {
    kvt::random_stream stream{9, "attribution"};
    for (int round = 0; round < 500; ++round) {
        double const fail_base = stream.unit(), fail_low = stream.unit();
        bin_pair const bin{stream.unit() * (1 - fail_base), stream.unit() * (1 - fail_low), fail_base, fail_low};
        auto const a = attribute(bin);
        CHECK(a.delta_min <= a.delta);
        CHECK(a.delta <= a.delta_max);
        CHECK(a.delta_corrected >= a.delta);
        CHECK(a.share.has_value() == (a.delta < 0));
        if (a.share) CHECK((*a.share >= 0 && *a.share <= 1));
        // More failures can only explain more.
        auto worse = bin;
        worse.fail_low = std::min(1.0, fail_low + 0.1);
        if (a.share) CHECK(*attribute(worse).share >= *a.share);
    }
}

TEST_CASE("the verdict needs half of the bins fallen, three quarters not risen, and no failures behind it") {
    bin_pair const fell{0.8, 0.6, 0, 0}, same{0.8, 0.8, 0, 0}, rose{0.8, 0.9, 0, 0}, failed{0.8, 0.6, 0, 0.2};
    auto const judged = [](std::vector<bin_pair> const& bins) { return judge(bins); };
    CHECK(judged({fell, fell, same, same}).pass);
    CHECK(judged({fell, fell, same, same}).claimed_bins == std::vector<std::int64_t>{0, 1});
    CHECK_FALSE(judged({fell, same, same, same}).degradation_ok);
    CHECK_FALSE(judged({fell, fell, rose, rose}).directionality_ok);
    CHECK(judged({fell, fell, same, rose}).pass);
    CHECK_FALSE(judged({fell, failed, same, same}).attribution_ok);
    CHECK_FALSE(judged({}).pass);
}
