#include "faults.hpp"
#include "numbers.hpp"

#include <kvt/core/json.hpp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/measure.hpp>
#include <kvt/quant/symmetric.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace kvt::quant;

namespace {

// As text with all digits: equal text, equal bits.
std::string text(error_sums const& s) { return kvt::dump(kvt::to_json(s)); }

std::vector<float> some(kvt::random_stream& stream, std::size_t n) {
    std::vector<float> values(n);
    for (auto& v : values) v = static_cast<float>(stream.unit() * 3 - 1);
    return values;
}

}  // namespace

TEST_CASE("errors have the same bits on every instruction set, with codes kept or not") {
    kvt::random_stream stream{23, "errors"};
    for (int round = 0; round < 1000; ++round) {
        std::int32_t const bits = 2 << stream.below(3);
        auto const grid = stream.below(2) == 0 ? code_grid::unsigned_codes(bits) : code_grid::signed_codes(bits);
        affine const p{stream.below(20) == 0 ? 0 : 2.5 / top_code(bits), grid.low < 0 ? 0 : -1.0 + stream.unit()};
        auto const values = some(stream, stream.below(round % 100 == 0 ? 200'000 : 300));
        std::vector<std::uint8_t> bytes(packed_bytes(values.size() + 3, bits));
        auto const wanted = text(measure(values, p, grid, kvt::instruction_set::portable));
        for (auto const set : kvt::usable_instruction_sets()) {
            CAPTURE(kvt::name_of(set));
            REQUIRE(text(measure(values, p, grid, set)) == wanted);
            REQUIRE(text(encode_and_measure(values, p, grid, bytes, 3, set)) == wanted);
            auto kept = measure_codes(values, bytes, 3, p, grid, set);
            REQUIRE(kept.clipped == 0);
            kept.clipped = measure(values, p, grid, set).clipped;
            REQUIRE(text(kept) == wanted);
        }
    }
}

TEST_CASE("pieces added in order are the whole") {
    kvt::random_stream stream{24, "pieces"};
    auto const values = some(stream, 3 * sum_piece + 1234);
    asymmetric const q{4};
    auto const p = q.parameters({-0.9, 1.9});
    auto const wanted = measure(values, p, q.grid());
    std::vector<error_sums> parts;
    for (std::size_t at = 0; at < values.size(); at += sum_piece)
        parts.push_back(measure(std::span{values}.subspan(at, std::min(sum_piece, values.size() - at)), p, q.grid()));
    error_sums sum;
    for (auto const& part : parts) sum += part;
    CHECK(text(sum) == text(wanted));
}

TEST_CASE("sums are those of a plain loop") {
    kvt::random_stream stream{25, "plain"};
    for (int round = 0; round < 300; ++round) {
        auto const values = some(stream, 1 + stream.below(200));
        symmetric const q{2 << stream.below(3)};
        auto const p = q.parameters({-1, 1.5});  // some values lie outside
        auto const s = measure(values, p, q.grid());
        double signal = 0, noise = 0, cross = 0, rebuilt = 0, worst = 0;
        std::int64_t clipped = 0;
        for (double const x : values) {
            double const y = p.decode(q.grid().encode(p, x));
            signal += x * x, noise += (x - y) * (x - y), cross += x * y, rebuilt += y * y;
            worst = std::max(worst, std::abs(x - y));
            auto const free = code_grid::unlimited(p, x);
            clipped += free < q.grid().low || free > q.grid().high;
        }
        CHECK(s.count == static_cast<std::int64_t>(values.size()));
        CHECK(s.clipped == clipped);
        CHECK(s.worst == worst);
        CHECK(s.signal == doctest::Approx(signal).epsilon(1e-13));
        CHECK(s.noise == doctest::Approx(noise).epsilon(1e-12));
        CHECK(s.cross == doctest::Approx(cross).epsilon(1e-12));
        CHECK(s.rebuilt == doctest::Approx(rebuilt).epsilon(1e-13));
    }
    CHECK(measure({}, {1, 0}, code_grid::unsigned_codes(8)).count == 0);
    CHECK(fault_of([] {
              (void)measure_codes(std::vector<float>(5), std::vector<std::uint8_t>(1), 0, {1, 0},
                                  code_grid::unsigned_codes(2));
          }) == "length_mismatch");
}
