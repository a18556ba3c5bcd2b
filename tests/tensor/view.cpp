#include <kvt/core/error.hpp>
#include <kvt/tensor/view.hpp>

#include <doctest/doctest.h>

#include <array>

using namespace kvt::tensor;

TEST_CASE("elements have the sizes of the format") {
    CHECK(size_of(element::f64) == 8);
    CHECK(size_of(element::u64) == 8);
    CHECK(size_of(element::f32) == 4);
    CHECK(size_of(element::u32) == 4);
    CHECK(size_of(element::bf16) == 2);
    CHECK(size_of(element::u16) == 2);
    CHECK(size_of(element::i8) == 1);
    CHECK(size_of(element::f8_e5m2) == 1);
    CHECK(kvt::choice_of<element>("BF16") == element::bf16);
}

TEST_CASE("floats come out of misaligned bytes; other types are refused by name") {
    // One byte of offset, then 1.0 in binary16 and in bfloat16.
    std::array<std::byte, 5> const bytes{std::byte{9}, std::byte{0}, std::byte{0x3C}, std::byte{0x80}, std::byte{0x3F}};
    view t;
    t.name = "w";
    t.type = element::f16;
    t.shape = {1};
    t.bytes = std::span{bytes}.subspan(1, 2);
    CHECK(to_floats(t) == std::vector<float>{1.0F});
    t.type = element::bf16;
    t.bytes = std::span{bytes}.subspan(3, 2);
    CHECK(to_floats(t) == std::vector<float>{1.0F});
    t.type = element::i16;
    CHECK_THROWS_WITH_AS((void)to_floats(t), "w: unsupported_dtype: I16 elements; expected F32, F16 or BF16",
                         kvt::error);
}
