#pragma once

#include <kvt/core/error.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/view.hpp>

#include <cstring>

namespace kvt::inline KVT_ABI::tensor {

static_assert(std::endian::native == std::endian::little,
              "kvt: tensors are read in place; this needs a little-endian machine");

namespace detail {

template <float (*Convert)(std::uint16_t)> void widen(std::byte const* from, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, from + 2 * i, 2);
        out[i] = Convert(half);
    }
}

}  // namespace detail

KVT_DECL void to_floats(view const& tensor, std::size_t first, std::span<float> out) {
    if (!has_floats(tensor.type))
        throw error{error_kind::mismatch, tensor.name,
                    "unsupported_dtype: " + std::string{name_of(tensor.type)} + " elements", "F32, F16 or BF16"};
    if (first > tensor.count() || tensor.count() - first < out.size())
        throw error{error_kind::mismatch, tensor.name, "elements beyond its " + std::to_string(tensor.count())};
    if (out.empty()) return;
    auto const* const from = tensor.bytes.data() + first * size_of(tensor.type);
    if (tensor.type == element::f32) std::memcpy(out.data(), from, out.size_bytes());
    else if (tensor.type == element::f16) detail::widen<&from_f16>(from, out);
    else detail::widen<&from_bf16>(from, out);
}

KVT_DECL std::vector<float> to_floats(view const& tensor) {
    std::vector<float> values(has_floats(tensor.type) ? tensor.count() : 0);
    to_floats(tensor, 0, values);
    return values;
}

}  // namespace kvt::inline KVT_ABI::tensor
