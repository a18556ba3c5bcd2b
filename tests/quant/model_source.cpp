#include "faults.hpp"

#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <cstring>

using namespace kvt::quant;

namespace {

// A container of one tensor of two bytes each element, or without elements.
std::string container(std::string const& type, int elements) {
    std::string const header = R"({"t":{"dtype":")" + type + R"(","shape":[)" + std::to_string(elements) +
                               R"(],"data_offsets":[0,)" + std::to_string(2 * elements) + "]}}";
    std::uint64_t const length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + std::string(static_cast<std::size_t>(2 * elements), '\0');
}

}  // namespace

TEST_CASE("the stage opens a model, in the order of files and names") {
    scratch_folder const here;
    kvt::tensor::dense_set a, b;
    a.put("z", {2}, {1, 2}), a.put("c", {1}, {3}), a.put("none", {0}, {});
    b.put("b", {3}, {1, 2, 3});
    kvt::write_file(here / "m/1.safetensors", kvt::tensor::safetensors_bytes(a));
    kvt::write_file(here / "m/2.safetensors", kvt::tensor::safetensors_bytes(b, kvt::tensor::element::bf16));
    kvt::write_file(
        here / "m/model.safetensors.index.json",
        R"({"weight_map":{"b":"2.safetensors","z":"1.safetensors","c":"1.safetensors","none":"1.safetensors"}})");
    kvt::run_context context;
    auto const source = kvt::pipeline{load_model{here / "m/"}}(context);
    REQUIRE(source.tensors().size() == 3);
    CHECK(source.tensors()[0]->name == "c");
    CHECK(source.tensors()[1]->name == "z");
    CHECK(source.tensors()[2]->name == "b");
    CHECK(source.elements() == 6);
    CHECK(source.name() == "m");
    REQUIRE(source.skipped().size() == 1);
    CHECK(source.skipped()[0].name == "none");
    CHECK(holds(source.skipped()[0].reason, "no elements"));
    auto const copy = source;
    source.begin(*copy.tensors()[1]);
    CHECK(to_floats(*copy.tensors()[1]) == std::vector<float>{1, 2});
    source.end(*copy.tensors()[1]);
    CHECK(to_floats(*copy.tensors()[1]) == std::vector<float>{1, 2});
}

TEST_CASE("a model without tensors to quantize is an error that says so, and so are missing ones") {
    scratch_folder const here;
    kvt::write_file(here / "i.safetensors", container("I16", 4));
    CHECK(fault_of([&] { (void)open_model(here / "i.safetensors"); }) == "no_quantizable_tensors");
    kvt::write_file(here / "e.safetensors", container("F16", 0));
    CHECK(fault_of([&] { (void)open_model(here / "e.safetensors"); }) == "no_quantizable_tensors");
    CHECK(holds(refusal([&] { (void)open_model(here / "none"); }), "model_not_found"));
    CHECK(holds(refusal([&] { (void)open_model(here / ""); }), "ambiguous_model"));
    kvt::write_file(here / "f.safetensors", container("F16", 4));
    CHECK(open_model(here / "f.safetensors").name() == "f.safetensors");
}
