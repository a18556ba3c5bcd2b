#include <kvt/core/error.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/safetensors.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

#include <cstring>

using namespace kvt::tensor;

namespace {

safetensors read_back(std::string const& bytes) {
    std::vector<std::byte> copy(bytes.size());
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    return safetensors::parse(std::move(copy), "written");
}

}  // namespace

TEST_CASE("what is written reads back, rounded to the type asked for") {
    dense_set set;
    set.put("z", {2, 3}, {1, -2.5F, 0.1F, 3e-6F, -0.0F, 65504});
    set.put("a\"b", {}, {0.3F});
    set.put("empty", {0, 4}, {});
    for (auto const type : {element::f32, element::f16, element::bf16}) {
        auto const bytes = safetensors_bytes(set, type, {{"format", "kvt"}, {"about", "a \"test\""}});
        CHECK(bytes == safetensors_bytes(set, type, {{"about", "a \"test\""}, {"format", "kvt"}}));
        std::uint64_t header = 0;
        std::memcpy(&header, bytes.data(), 8);
        CHECK(header % 8 == 0);
        auto const file = read_back(bytes);
        CHECK(file.metadata().at("about") == "a \"test\"");
        CHECK(file.tensors().size() == 3);
        for (auto const& [name, t] : set.all()) {
            auto const* found = file.find(name);
            REQUIRE(found != nullptr);
            CHECK(found->type == type);
            CHECK(found->shape == t.shape);
            auto const values = to_floats(*found);
            REQUIRE(values.size() == t.values.size());
            for (std::size_t i = 0; i < values.size(); ++i) {
                float const expected = type == element::f32   ? t.values[i]
                                       : type == element::f16 ? from_f16(to_f16(t.values[i]))
                                                              : from_bf16(to_bf16(t.values[i]));
                CHECK(std::bit_cast<std::uint32_t>(values[i]) == std::bit_cast<std::uint32_t>(expected));
            }
        }
    }
    CHECK(read_back(safetensors_bytes({})).tensors().empty());
    CHECK_THROWS_AS((void)safetensors_bytes(set, element::i8), kvt::error);
}
