#include "faults.hpp"
#include "models.hpp"

#include <kvt/core/json.hpp>
#include <kvt/quant/layer.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/quant/symmetric.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace kvt::quant;

namespace {

template <quantizer Q>
layer coded(Q const& q, model_source const& model, std::string const& name, grouping cut = {},
            std::span<value_range const> ranges = {}) {
    return quantize_layer(*model.archive().find(name), {quantizer_rule::of(q), cut, 4}, model.path(), ranges);
}

}  // namespace

TEST_CASE("a layer has one range a time group, and its errors follow from the parameters as stored") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    asymmetric const q{4};
    auto const l = coded(q, model, "a");
    CHECK(l.status == layer_status::quantized);
    REQUIRE(l.ranges.size() == 4);
    auto const values = kvt::tensor::to_floats(*model.archive().find("a"));
    double noise = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto const& p = l.parameters[i / 24];
        CHECK(static_cast<double>(static_cast<float>(p.scale)) == p.scale);
        double const e = values[i] - p.decode(q.grid().encode(p, values[i]));
        noise += e * e;
    }
    CHECK(l.all_errors().noise == doctest::Approx(noise).epsilon(1e-12));
    CHECK(l.stored.total_bytes() == 96 / 2 + 4 * 8);
}

TEST_CASE("runs have parameters of their own, and the time groups' ranges stay") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    auto const whole = coded(asymmetric{4}, model, "b"), runs = coded(asymmetric{4}, model, "b", {4, 10});
    CHECK(whole.ranges == runs.ranges);
    CHECK(runs.all_errors().noise < whole.all_errors().noise);
    CHECK(runs.stored.parameter_bytes == 40 * 8);
}

TEST_CASE("given ranges are taken, whatever the values") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    std::vector<value_range> const ranges(4, {-0.1, 0.1});
    auto const l = coded(asymmetric{8}, model, "b", {}, ranges);
    CHECK(l.ranges == ranges);
    CHECK(l.all_errors().clipped > 0);
}

TEST_CASE("too small to be cut, or of one value: said, and counted in the sizes") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    auto const tiny = coded(asymmetric{2}, model, "tiny");
    CHECK(tiny.status == layer_status::passthrough);
    CHECK(tiny.ranges.empty());
    CHECK(tiny.stored.total_bytes() == 8);
    auto const flat = coded(asymmetric{2}, model, "flat");
    CHECK(flat.status == layer_status::degenerate);
    CHECK(flat.parameters.front().scale == 0);
    CHECK(flat.all_errors().count == 40);
}

TEST_CASE("ranges of symmetric codes are what the codes can hold") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    auto const l = coded(symmetric{4}, model, "a");
    for (std::size_t g = 0; g < 4; ++g) {
        CHECK(l.ranges[g].lo == doctest::Approx(-8 * l.parameters[g].scale));
        CHECK(l.ranges[g].hi == doctest::Approx(7 * l.parameters[g].scale));
    }
}

TEST_CASE("half-precision tensors read the same as the floats they stand for") {
    scratch_folder folder, other;
    auto const half = open_model(sample_model(folder, kvt::tensor::element::bf16));
    kvt::tensor::dense_set widened;
    for (auto const* t : half.tensors()) widened.put(t->name, t->shape, kvt::tensor::to_floats(*t));
    auto const full = open_model(other.file("m.safetensors", kvt::tensor::safetensors_bytes(widened)));
    for (auto const* name : {"a", "b", "flat", "tiny"})
        CHECK(kvt::dump(kvt::to_json(coded(asymmetric{2}, half, name))) ==
              kvt::dump(kvt::to_json(coded(asymmetric{2}, full, name))));
}

TEST_CASE("values that are none are counted, and file and tensor named") {
    scratch_folder folder;
    kvt::tensor::dense_set bad;
    auto const nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
    bad.put("layers.3.w", {8}, {1, nan, 2, infinite, -infinite, 3, 4, nan});
    bad.put("small", {2}, {nan, 1});
    auto const model = open_model(folder.file("m.safetensors", kvt::tensor::safetensors_bytes(bad)));
    auto const e = error_of<quant_error>([&] { (void)coded(asymmetric{2}, model, "layers.3.w"); });
    REQUIRE(e);
    std::string const line = e->what();
    CHECK(e->code() == fault::non_finite_input);
    CHECK(line.find("m.safetensors, tensor layers.3.w: non_finite_input") != std::string::npos);
    CHECK(line.find("2 NaN") != std::string::npos);
    CHECK(line.find("2 infinite") != std::string::npos);
    CHECK(fault_of([&] { (void)coded(asymmetric{2}, model, "small"); }) == "non_finite_input");
}
