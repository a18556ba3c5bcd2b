#include "faults.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/quant/packed_model.hpp>
#include <kvt/quant/packed_writer.hpp>
#include <kvt/quant/symmetric.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <cstring>

using namespace kvt::quant;
using kvt::tensor::element;

namespace {

std::string text(std::vector<error_sums> errors) {
    for (auto& e : errors) e.clipped = 0;
    return kvt::dump(kvt::to_json(errors));
}

kvt::tensor::dense_set model(kvt::random_stream& stream) {
    kvt::tensor::dense_set all;
    for (std::int64_t const n : {1, 3, 400, 90'001}) {
        std::vector<float> values(static_cast<std::size_t>(n));
        for (auto& v : values) v = static_cast<float>(stream.unit() - 0.4);
        all.put("layer." + std::to_string(n), {n}, values);
    }
    all.put("kept", {2}, {1.5F, -2});
    return all;
}

template <quantizer Q> void round_trip(Q const& q, grouping const& groups, std::int32_t parameter_bytes, element type) {
    scratch_folder const here;
    kvt::random_stream stream{51, "packed"};
    kvt::write_file(here / "m.safetensors", kvt::tensor::safetensors_bytes(model(stream), type));
    auto const source = open_model(here / "m.safetensors");
    packed_plan plan;
    for (auto const* t : source.tensors())
        if (t->name == "kept") plan.pass(*t);
        else plan.packed[t->name] = packed_layout::of(*t, q, groups, parameter_bytes);
    plan.metadata["note"] = "x";
    packed_writer writer{here / "q.safetensors", plan};
    std::map<std::string, tensor_codes> made;
    for (auto const* t : source.tensors()) {
        if (t->name == "kept") {
            writer.pass(*t);
            continue;
        }
        auto const& codes = made[t->name] = quantize_tensor(*t, q, groups, parameter_bytes);
        writer.put(t->name, codes.parameters, codes.codes);
    }
    writer.finish();
    auto const read = packed_model::open(here / "q.safetensors");
    REQUIRE(read.packed().size() == 4);
    REQUIRE(read.passed().size() == 1);
    CHECK(to_floats(*read.passed().front()) == std::vector<float>{1.5F, -2});
    for (auto const* t : source.tensors()) {
        if (t->name == "kept") continue;
        auto const packed = read.read(t->name);
        CHECK(text(packed.measure(*t)) == text(made[t->name].errors));
        std::vector<double> wide(t->count());
        packed.decode(0, wide);
        auto const values = to_floats(*t);
        double worst = 0, wanted = 0;
        for (std::size_t i = 0; i < values.size(); ++i) worst = std::max(worst, std::abs(values[i] - wide[i]));
        for (auto const& e : made[t->name].errors) wanted = std::max(wanted, e.worst);
        CHECK(worst == wanted);
        auto const first = t->count() / 3;
        std::vector<float> part(t->count() - first);
        packed.decode(first, part);
        bool equal = true;
        for (std::size_t i = 0; i < part.size(); ++i) equal = equal && part[i] == static_cast<float>(wide[first + i]);
        CHECK(equal);
    }
}

}  // namespace

TEST_CASE("a packed model reads back, and its error is the one that was measured") {
    for (std::int32_t const bits : {2, 4, 8})
        for (auto const& groups : {grouping{4, {}}, grouping{3, 32}, grouping{1, 1000}}) {
            round_trip(asymmetric{bits}, groups, 4, element::f32);
            round_trip(symmetric{bits}, groups, 8, element::bf16);
        }
    round_trip(asymmetric{2}, {100, {}}, 8, element::f16);
}

TEST_CASE("what does not fit the plan is refused while writing") {
    scratch_folder const here;
    packed_layout const layout{.shape = {10}, .bits = 2, .time_groups = 1};
    packed_writer writer{here / "q", {{{"w", layout}}, {}, {}}};
    std::vector<std::uint8_t> const codes(3);
    std::vector<affine> const fine{{0.5, 1}};
    CHECK(fault_of([&] { writer.put("w", fine, std::span{codes}.first(2)); }) == "length_mismatch");
    CHECK(fault_of([&] { writer.put("w", {}, codes); }) == "length_mismatch");
    CHECK(fault_of([&] { writer.put("w", std::vector<affine>{{0.1, 1}}, codes); }) == "invalid_scale");  // not binary32
    CHECK(fault_of([&] { writer.put("w", std::vector<affine>{{-0.5, 1}}, codes); }) == "invalid_scale");
    CHECK(fault_of([&] { writer.put("w", std::vector<affine>{{0.5, INFINITY}}, codes); }) == "invalid_zero_point");
    CHECK(refusal([&] { writer.finish(); }) != "");
    CHECK(refusal([&] { writer.put("v", fine, codes); }) != "");
    CHECK_FALSE(kvt::file_exists(here / "q"));
    // parts of a packed tensor and a tensor that stays cannot share a name
    CHECK(refusal([&] {
              packed_writer const w{here / "q", {{{"w", layout}}, {{"w.kvt_scale", element::f32, {1}}}, {}}};
          }) != "");
}

TEST_CASE("files that lie about their codes are refused") {
    scratch_folder const here;
    packed_layout const layout{.shape = {2, 5}, .bits = 2, .time_groups = 2};
    packed_writer writer{here / "q", {{{"w", layout}}, {}, {}}};
    writer.put("w", std::vector<affine>{{0.5, 1}, {0.25, 0}}, std::vector<std::uint8_t>(3));
    writer.finish();
    auto const whole = kvt::read_file(here / "q");
    auto const with = [&](std::string const& from, std::string const& to) {
        auto changed = whole;
        changed.replace(changed.find(from), from.size(), to);
        std::vector<std::byte> bytes(changed.size());
        std::memcpy(bytes.data(), changed.data(), changed.size());
        return refusal([&] { (void)packed_model::parse(bytes, "f").read("w"); });
    };
    CHECK(with("kvt_packed", "kvt_packed") == "");
    CHECK(holds(with("kvt_packed", "kvt_packet"), "no kvt_packed"));
    CHECK(holds(with("\\\"bits\\\":2", "\\\"bits\\\":3"), "invalid_bit_width"));
    CHECK(holds(with("\\\"bits\\\":2", "\\\"bits\\\":8"), "w.kvt_codes has 3"));
    CHECK(holds(with("[2,5]", "[2,9]"), "w.kvt_codes has 3"));
    CHECK(holds(with("[2,5]", "[2,0]"), "empty_input"));
    CHECK(holds(with("[2,5]", "[-21]"), "length_mismatch"));
    CHECK(holds(with("\\\"time_groups\\\":2", "\\\"time_groups\\\":1"), "w.kvt_scale has 2"));
    CHECK(holds(with("\\\"parameter_bytes\\\":4", "\\\"parameter_bytes\\\":8"),
                "w.kvt_scale has 2 elements of type F32"));
    CHECK(holds(with("\\\"parameter_bytes\\\":4", "\\\"parameter_bytes\\\":5"), "4 or 8"));
    CHECK(holds(with("asymmetric", "antimetric"), "no quantizer is called"));
    CHECK(holds(with("\\\"type\\\":\\\"F32", "\\\"type\\\":\\\"I32"), "unsupported_dtype"));
    std::string const half{"\0\0\0\x3F", 4}, nan{"\0\0\xC0\x7F", 4}, minus{"\0\0\0\xBF", 4}, one{"\0\0\x80\x3F", 4};
    CHECK(holds(with(half, nan), "invalid_scale"));
    CHECK(holds(with(half, minus), "invalid_scale"));
    CHECK(holds(with(one, nan), "invalid_zero_point"));
    kvt::random_stream stream{52, "lies"};
    for (int round = 0; round < 2000; ++round) {  // any byte changed: refused or read
        auto changed = whole;
        changed[stream.below(changed.size())] = static_cast<char>(stream.below(256));
        std::vector<std::byte> bytes(changed.size());
        std::memcpy(bytes.data(), changed.data(), changed.size());
        auto const e = error_of([&] {
            auto const m = packed_model::parse(bytes, "f");
            for (auto const& [name, packed] : m.packed()) {
                std::vector<double> values(packed.elements());
                m.read(name).decode(0, values);
            }
        });
        CHECK((!e || e->exit_code() == 2));
    }
}
