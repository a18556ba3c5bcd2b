#include <kvt/core/text_file.hpp>
#include <kvt/quant/packed_writer.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

using namespace kvt::quant;

TEST_CASE("the file is a plain safetensors file of b-bit codes, the same bytes whatever the order") {
    scratch_folder const here;
    std::vector<affine> const one{{0.5, -1}};
    std::vector<std::uint8_t> const codes{228, 3};
    packed_plan const plan{{{"a", {.shape = {5}, .bits = 2, .time_groups = 1}},
                            {"b", {.shape = {2}, .bits = 8, .time_groups = 1, .parameter_bytes = 8}}},
                           {},
                           {{"format", "pt"}}};
    for (auto const* file : {"1", "2"}) {
        packed_writer writer{here / file, plan};
        if (*file == '1') writer.put("a", one, codes);
        writer.put("b", one, codes);
        if (*file == '2') writer.put("a", one, codes);
        writer.finish();
    }
    CHECK(kvt::read_file(here / "1") == kvt::read_file(here / "2"));
    auto const read = kvt::tensor::safetensors::open(here / "1");
    CHECK(read.tensors().size() == 6);
    CHECK(read.find("a.kvt_codes")->bytes.size() == 2);
    CHECK(read.find("a.kvt_codes")->bytes[0] == std::byte{228});
    CHECK(to_floats(*read.find("a.kvt_scale")) == std::vector<float>{0.5F});
    CHECK(read.find("b.kvt_offset")->type == kvt::tensor::element::f64);
    CHECK(read.metadata().at("format") == "pt");
}
