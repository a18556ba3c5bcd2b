#include <doctest/doctest.h>
#include <kvt/core/random.hpp>

#include <array>
#include <vector>

using kvt::random_stream;

TEST_CASE("the generator's golden vectors") {
    auto const six = [](std::uint64_t state) {
        random_stream stream{state};
        std::array<std::uint64_t, 6> out{};
        for (auto& v : out) v = stream.next();
        return out;
    };
    using draws = std::array<std::uint64_t, 6>;
    CHECK(six(0) == draws{16294208416658607535U, 7960286522194355700U, 487617019471545679U, 17909611376780542444U,
                          1961750202426094747U, 6038094601263162090U});
    CHECK(six(1234567) == draws{6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U,
                                16408922859458223821U, 7804594928223864054U});
    CHECK(six(18446744073709551615U) == draws{16490336266968443936U, 16834447057089888969U, 4048727598324417001U,
                                              7862637804313477842U, 13015481187462834606U, 15212506146343009075U});
}

TEST_CASE("streams start where seed and label say") {
    CHECK(random_stream{1337, "bootstrap|g_budget_1.0|0"}.state() == 14496177939487358949U);
    CHECK(random_stream{1337, "bootstrap|g_budget_1.0|1"}.state() == 1843517261103091298U);
    CHECK(random_stream{0, ""}.state() == 4412335559924014499U);
    CHECK(random_stream{7, "perm|g|trec"}.state() == 10731068466921305598U);
}

TEST_CASE("bounded draws and units, golden") {
    auto const draws = [](std::int64_t seed, std::string_view label, std::uint64_t n, int count) {
        random_stream stream{seed, label};
        std::vector<std::uint64_t> out;
        for (int i = 0; i < count; ++i) out.push_back(stream.below(n));
        return out;
    };
    using list = std::vector<std::uint64_t>;
    CHECK(draws(1337, "t", 1, 12) == list(12, 0));
    CHECK(draws(1337, "t", 2, 12) == list{1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1});
    CHECK(draws(1337, "t", 7, 12) == list{5, 2, 4, 6, 0, 4, 1, 5, 6, 1, 2, 5});
    CHECK(draws(1337, "t", 1000, 12) == list{854, 333, 573, 862, 107, 575, 217, 821, 865, 184, 404, 773});
    CHECK(draws(3, "x", 9223372036854775809U, 4) ==
          list{5310781938335664523U, 2775368944853131260U, 1901964765253942380U, 8399469252754516578U});

    random_stream t{1337, "t"}, u{0, "u"};
    for (double v : {0.8540430128628314, 0.3336110938206778, 0.5735947635176715, 0.8621241302685804})
        CHECK(t.unit() == v);
    for (double v : {0.9369362124905412, 0.988001724965519, 0.16154120532046135, 0.08031455371700891})
        CHECK(u.unit() == v);
}

TEST_CASE("a draw is a function of its position") {
    random_stream const start{5, "positions"};
    random_stream walking = start;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        random_stream jumped = start;
        jumped.skip(i);
        REQUIRE(start.peek(i) == walking.peek());
        auto const v = walking.next();
        REQUIRE(start.peek(i) == v);
        REQUIRE(jumped.next() == v);
    }
    CHECK(start.state() == random_stream{5, "positions"}.state());
    static_assert(random_stream{0}.peek() == 16294208416658607535U);
}

TEST_CASE("bounded draws are even and within bounds, units within [0, 1)") {
    random_stream stream{2, "even"};
    std::array<int, 6> counts{};
    for (int i = 0; i < 60000; ++i) {
        auto const v = stream.below(6);
        REQUIRE(v < 6);
        ++counts[v];
        double const u = stream.unit();
        REQUIRE((u >= 0 && u < 1));
    }
    double chi = 0;  // 5 degrees of freedom: above 20.5 once in a thousand
    for (int c : counts) chi += (c - 10000.0) * (c - 10000.0) / 10000.0;
    CHECK(chi < 20.5);
}
