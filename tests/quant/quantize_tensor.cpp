#include "faults.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/quantize_tensor.hpp>
#include <kvt/quant/symmetric.hpp>
#include <kvt/tensor/half.hpp>

#include <doctest/doctest.h>

#include <cstring>

using namespace kvt::quant;
using kvt::tensor::element;

namespace {

// A tensor's bytes, at an address that is aligned or not.
struct stored {
    std::vector<std::byte> bytes;
    kvt::tensor::view view;

    stored(std::vector<float> const& values, element type, std::size_t shift = 0) {
        auto const size = kvt::tensor::size_of(type);
        bytes.resize(values.size() * size + shift);
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto* const to = bytes.data() + shift + i * size;
            auto const half = type == element::f16 ? kvt::tensor::to_f16(values[i]) : kvt::tensor::to_bf16(values[i]);
            if (type == element::f32) std::memcpy(to, &values[i], 4);
            else std::memcpy(to, &half, 2);
        }
        view = {"t", type, {static_cast<std::int64_t>(values.size())}, std::span{bytes}.subspan(shift)};
    }
};

std::string text(std::vector<error_sums> const& errors) { return kvt::dump(kvt::to_json(errors)); }

template <quantizer Q> void check(Q const& q, stored const& t, grouping const& groups, std::int32_t parameter_bytes) {
    auto const values = to_floats(t.view);
    auto const grid = q.grid();
    auto const got = quantize_tensor(t.view, q, groups, parameter_bytes);
    auto const bounds = groups.bounds(values.size()), time_bounds = groups.time_bounds(values.size());
    REQUIRE(groups.count(values.size()) == bounds.size() - 1);
    REQUIRE(got.parameters.size() == bounds.size() - 1);
    std::vector<std::uint8_t> codes(packed_bytes(values.size(), q.bits));
    std::vector<error_sums> errors(time_bounds.size() - 1);
    std::size_t group = 0;
    for (std::size_t k = 0; k + 1 < bounds.size(); ++k) {  // each group alone, from a tensor held whole
        while (bounds[k] >= time_bounds[group + 1]) ++group;
        auto const part = std::span{values}.subspan(bounds[k], bounds[k + 1] - bounds[k]);
        auto const p = q.parameters(scan(part).range()).stored(parameter_bytes);
        REQUIRE(got.parameters[k].scale == p.scale);
        REQUIRE(got.parameters[k].offset == p.offset);
        errors[group] += encode_and_measure(part, p, grid, codes, bounds[k]);
    }
    REQUIRE(got.codes == codes);
    REQUIRE(text(got.errors) == text(errors));
    for (std::size_t g = 0; g + 1 < time_bounds.size(); ++g)
        REQUIRE(got.time_groups[g].greatest ==
                scan(std::span{values}.subspan(time_bounds[g], time_bounds[g + 1] - time_bounds[g])).greatest);
    CHECK(quantize_tensor(t.view, q, groups, parameter_bytes, pass_output::codes).codes == codes);
    auto const measured = quantize_tensor(t.view, q, groups, parameter_bytes, pass_output::errors);
    CHECK(text(measured.errors) == text(errors));
    CHECK(measured.codes.empty());
    tensor_codes again = got;  // written over
    for (auto& c : again.codes) c = 0xFF;
    quantize_tensor(t.view, quantizer_rule::of(q), groups, parameter_bytes, pass_output::codes, again);
    CHECK(again.codes == codes);
}

}  // namespace

TEST_CASE("a tensor read in blocks has the codes and errors of one held whole") {
    kvt::random_stream stream{41, "tensor"};
    for (int round = 0; round < 60; ++round) {
        std::vector<float> values(1 + stream.below(round % 20 == 0 ? 300'000 : 2000));
        for (auto& v : values) v = static_cast<float>(stream.unit() * 2 - 0.7);
        for (auto const type : {element::f32, element::f16, element::bf16}) {
            stored const t{values, type, stream.below(2)};
            grouping groups{1 + static_cast<std::int64_t>(stream.below(9)), {}};
            if (stream.below(2) == 0)
                groups.group_size = 1 + static_cast<std::int64_t>(stream.below(stream.below(2) == 0 ? 40'000 : 200));
            std::int32_t const bits = 2 << stream.below(3), bytes = stream.below(2) == 0 ? 4 : 8;
            if (stream.below(3) == 0) check(symmetric{bits}, t, groups, bytes);
            else check(asymmetric{bits}, t, groups, bytes);
        }
    }
}

TEST_CASE("bad values are counted over the whole tensor and named, whatever the groups") {
    std::vector<float> values(5000, 1.0F);
    values[7] = NAN, values[2000] = INFINITY, values[4999] = NAN;
    stored const t{values, element::f32};
    for (auto const& groups : {grouping{4, {}}, grouping{4, 64}}) {
        auto const said = refusal([&] { (void)quantize_tensor(t.view, asymmetric{4}, groups); });
        CHECK(holds(said, "t: non_finite_input: 2 NaN and 1 infinite of 5000 values"));
    }
    stored const empty{{}, element::f32};
    CHECK(fault_of([&] { (void)quantize_tensor(empty.view, asymmetric{4}, {}); }) == "empty_input");
    auto other = t.view;
    other.type = element::i32;
    CHECK(fault_of([&] { (void)quantize_tensor(other, asymmetric{4}, {}); }) == "unsupported_dtype");
    CHECK(fault_of([&] { (void)scan_groups(t.view, std::vector<std::size_t>{0, 5001}); }) == "length_mismatch");
    CHECK(fault_of([&] {
              (void)code_groups(t.view, std::vector<std::size_t>{0, 7}, {}, code_grid{}, pass_output::errors, {});
          }) == "length_mismatch");
    CHECK(fault_of([&] { (void)quantize_tensor(t.view, asymmetric{3}, {}); }) == "invalid_bit_width");
    CHECK(fault_of([&] { (void)quantize_tensor(t.view, asymmetric{4}, {0, {}}); }) == "invalid_time_groups");
    CHECK(fault_of([&] { (void)quantize_tensor(t.view, asymmetric{4}, {1, 0}); }) == "invalid_group_size");
}
