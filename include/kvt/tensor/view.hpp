// view: a named tensor inside somebody else's bytes.
#pragma once

#include <kvt/core/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// Element types of the safetensors format, little-endian.
enum class element : std::uint8_t {
    f64,
    i64,
    u64,
    f32,
    i32,
    u32,
    f16,
    bf16,
    i16,
    u16,
    i8,
    u8,
    boolean,
    f8_e4m3,
    f8_e5m2
};
KVT_CHOICE(element, "F64", "I64", "U64", "F32", "I32", "U32", "F16", "BF16", "I16", "U16", "I8", "U8", "BOOL",
           "F8_E4M3", "F8_E5M2");

/// Bytes of one element.
[[nodiscard]] constexpr std::uint64_t size_of(element type) {
    return type <= element::u64 ? 8 : type <= element::u32 ? 4 : type <= element::u16 ? 2 : 1;
}

/// Row-major, packed; `shape` outermost first, `{}` is a scalar, a zero dimension an empty tensor. `bytes` holds exactly
/// the elements and lives as long as the container it came from; it may be misaligned.
struct view {
    std::string name;
    element type = element::f32;
    std::vector<std::int64_t> shape;
    std::span<std::byte const> bytes;

    [[nodiscard]] std::size_t count() const { return bytes.size() / size_of(type); }
};

/// The elements of an F32, F16 or BF16 tensor as floats, exactly; throws `error{mismatch}` naming the tensor for other
/// types.
[[nodiscard]] std::vector<float> to_floats(view const& tensor);
/// As many elements as `out` has, from element `first` on; throws `error{mismatch}` also where there are fewer.
void to_floats(view const& tensor, std::size_t first, std::span<float> out);

/// Satisfied by the types that `to_floats` reads.
[[nodiscard]] constexpr bool has_floats(element type) {
    return type == element::f32 || type == element::f16 || type == element::bf16;
}

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/view.ipp>
#endif
