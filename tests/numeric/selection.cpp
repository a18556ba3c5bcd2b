#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/numeric/selection.hpp>

using kvt::numeric::order_statistics;

TEST_CASE("order statistics are what sorting gives") {
    kvt::random_stream some{9, "selection"};
    for (std::size_t const n : {1U, 2U, 10U, 1000U, 2048U, 10'000U, 50'001U}) {
        for (int kind = 0; kind < 5; ++kind) {
            std::vector<double> values(n);
            for (std::size_t i = 0; i < n; ++i) switch (kind) {
                    case 0: values[i] = some.unit(); break;
                    case 1: values[i] = static_cast<double>(some.below(4)); break;
                    case 2: values[i] = static_cast<double>(i); break;
                    case 3: values[i] = i % (n / 256 + 1) == 0 ? 1e9 : -static_cast<double>(i); break;
                    default: values[i] = 3; break;
                }
            auto sorted = values;
            std::ranges::sort(sorted);
            for (double const share : {0.0, 0.005, 0.025, 0.1, 0.24, 0.3, 0.5}) {
                auto const low = static_cast<std::size_t>(share * static_cast<double>(n - 1));
                auto const high = n - 1 - low;
                auto copy = values;
                auto const got = order_statistics(copy, low, std::max(low, high));
                REQUIRE(got.first == sorted[low]);
                REQUIRE(got.second == sorted[std::max(low, high)]);
                std::ranges::sort(copy);
                REQUIRE(copy == sorted);
            }
        }
    }
}
