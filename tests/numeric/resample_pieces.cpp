#include <doctest/doctest.h>
#include <kvt/numeric/resample_pieces.hpp>

using kvt::random_stream;
using namespace kvt::numeric;

namespace {

// Turns run from the last to the first.
struct backwards {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        while (n > 0) f(--n);
    }
};

}  // namespace

TEST_CASE("pieces together are the whole, also where draws are rejected on the way") {
    // 2^63 + 1 rejects nearly every second draw, so that hardly a piece begins where it would without.
    for (std::uint64_t const n : {std::uint64_t{6}, (std::uint64_t{1} << 63) + 1}) {
        for (std::size_t const count : {0U, 1U, 63U, 64U, 65U, 1000U, 10'000U}) {
            auto const run = [&](random_stream& stream, std::span<double> out) {
                for (double& v : out) v = static_cast<double>(stream.below(n)) + static_cast<double>(stream.below(n));
            };
            random_stream whole{1, "pieces"}, cut = whole;
            std::vector<double> expected(count), got(count);
            run(whole, expected);
            resample_in_pieces(cut, 2, got, backwards{}, run);
            CHECK(got == expected);
            CHECK(cut.state() == whole.state());
        }
    }
}
