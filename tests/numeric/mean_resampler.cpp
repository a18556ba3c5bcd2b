#include "draws.hpp"

#include <doctest/doctest.h>
#include <kvt/numeric/mean_resampler.hpp>

#include <cmath>
#include <string>
#include <thread>

using kvt::instruction_set;
using kvt::random_stream;
using namespace kvt::numeric;

namespace {

using lists = std::vector<std::vector<double>>;

std::vector<std::span<double const>> spans_of(lists const& groups) { return {groups.begin(), groups.end()}; }

// Turns run from the last to the first, or on two threads.
struct backwards {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        while (n > 0) f(--n);
    }
};
struct two_threads {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        std::thread other{[&] {
            for (std::size_t i = 1; i < n; i += 2) f(i);
        }};
        for (std::size_t i = 0; i < n; i += 2) f(i);
        other.join();
    }
};

void check_equal(lists const& groups, random_stream stream, std::size_t resamples) {
    auto const spans = spans_of(groups);
    std::vector<double> expected(resamples);
    random_stream plain = stream;
    resample_means(spans, plain, expected);
    for (auto const set : kvt::usable_instruction_sets()) {
        mean_resampler const fast{spans, set};
        INFO(kvt::name_of(set), " ", kvt::name_of(fast.path()), " n=", groups.front().size());
        auto const same = [&](auto const&... executor) {
            std::vector<double> got(resamples, -1);
            random_stream moved = stream;
            fast(moved, got, executor...);
            REQUIRE(got == expected);
            REQUIRE(moved.state() == plain.state());
        };
        same();
        same(backwards{});
        same(two_threads{});
    }
}

std::vector<double> values_of(random_stream& some, std::size_t n, int kind) {
    std::vector<double> out(n);
    for (double& v : out) switch (kind) {
            case 0: v = some.below(2) == 0 ? 0 : 1; break;
            case 1: v = 0.25 * static_cast<double>(some.below(5)); break;
            case 2: v = 7 - 2 * static_cast<double>(some.below(8)); break;
            case 3: v = 1e6 + static_cast<double>(some.below(16)); break;
            case 4: v = some.below(2) == 0 ? -0.0 : 0x1p-1074; break;
            case 5: v = 0.1 * static_cast<double>(some.below(3)); break;
            case 6: v = 0.375; break;
            case 7: v = (some.below(2) == 0 ? 1e300 : -1e-300) * some.unit(); break;
            default: v = some.unit() - 0.3; break;
        }
    return out;
}

}  // namespace

TEST_CASE("every path gives the bits of the plain loop") {
    random_stream some{4, "paths"};
    for (std::size_t const n :
         {1U, 2U, 3U, 7U, 8U, 16U, 17U, 31U, 32U, 33U, 63U, 64U, 65U, 100U, 1000U, 1023U, 1024U, 1025U, 4096U, 4097U})
        for (int kind = 0; kind < 9; ++kind)
            check_equal({values_of(some, n, kind)}, random_stream{some.next()}, n > 500 ? 41 : 300);
    for (int round = 0; round < 200; ++round)
        check_equal({values_of(some, 1 + some.below(70), static_cast<int>(some.below(9)))}, random_stream{some.next()},
                    1 + some.below(600));
}

TEST_CASE("groups are drawn one after another, each on its own path") {
    random_stream some{5, "groups"};
    for (int round = 0; round < 100; ++round) {
        lists groups(1 + some.below(4));
        for (auto& group : groups) group = values_of(some, 1 + some.below(60), static_cast<int>(some.below(9)));
        check_equal(groups, random_stream{some.next()}, 1 + some.below(300));
    }
}

TEST_CASE("rejected draws, wherever they fall, move all later resamples") {
    random_stream some{6, "rejected"};
    for (int round = 0; round < 100; ++round) {
        std::size_t const n = 3 + 2 * some.below(300);  // odd: a draw of 0 is rejected
        check_equal({values_of(some, n, round % 9)}, draws::stream_with(0, some.below(600 * n)), 600);
        check_equal({values_of(some, 5, 1), values_of(some, n, round % 9)}, draws::stream_with(0, some.below(50 * n)),
                    60);
    }
}

TEST_CASE("draws at the edge between two indices") {
    random_stream some{7, "edges"};
    __extension__ typedef unsigned __int128 wide;
    for (int round = 0; round < 3000; ++round) {
        std::size_t const n = 2 + some.below(round % 2 == 0 ? 60 : 1100);
        std::vector<double> values = values_of(some, n, round % 3 == 0 ? 0 : 8);
        auto const edge = static_cast<std::uint64_t>(((static_cast<wide>(some.below(n)) << 64) + n - 1) / n);
        std::uint64_t const reach = 1ULL << (1 + some.below(44));
        check_equal({values}, draws::stream_with(edge + some.below(reach) - reach / 2, some.below(3 * n)), 9);
    }
}

TEST_CASE("which path is taken") {
    auto const path = [](std::vector<double> const& values, instruction_set set) {
        std::span<double const> const one{values};
        return mean_resampler{strata{&one, 1}, set}.path();
    };
    random_stream some{8, "which"};
    CHECK(path({1, 2}, instruction_set::portable) == resample_path::plain);
    for (auto const set : kvt::usable_instruction_sets()) {
        bool const widest = set == instruction_set::avx512;
        if (set == instruction_set::portable) continue;
        CHECK(path(values_of(some, 1000, 0), set) == (widest ? resample_path::planes : resample_path::gather));
        CHECK(path(values_of(some, 32, 8), set) == (widest ? resample_path::table : resample_path::gather));
        CHECK(path(values_of(some, 1024, 0), set) == resample_path::gather);
        CHECK(path(values_of(some, 33, 8), set) == resample_path::gather);
        CHECK(path(values_of(some, 1000, 5), set) == resample_path::gather);  // 0.1 and 0.2 do not add exactly
        CHECK(path({0, 16}, set) == (widest ? resample_path::planes : resample_path::gather));  // two steps of 16
        CHECK(path({1, 18}, set) == (widest ? resample_path::table : resample_path::gather));
    }
}

TEST_CASE("nothing to draw from is refused") {
    CHECK_THROWS_AS(mean_resampler{strata{}}, kvt::error);
    lists const empty{{1, 2}, {}};
    CHECK_THROWS_AS(mean_resampler{spans_of(empty)}, kvt::error);
}
