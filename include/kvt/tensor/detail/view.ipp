#pragma once

#include <kvt/core/error.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/view.hpp>

#include <cstring>

namespace kvt::inline KVT_ABI::tensor {

static_assert(std::endian::native == std::endian::little,
              "kvt: tensors are read in place; this needs a little-endian machine");

KVT_DECL std::vector<float> to_floats(view const& tensor) {
    std::vector<float> values(tensor.count());
    if (tensor.type == element::f32) {
        if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
        return values;
    }
    if (tensor.type != element::f16 && tensor.type != element::bf16)
        throw error{error_kind::mismatch, tensor.name,
                    "unsupported_dtype: " + std::string{name_of(tensor.type)} + " elements", "F32, F16 or BF16"};
    auto* const convert = tensor.type == element::f16 ? &from_f16 : &from_bf16;
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, tensor.bytes.data() + 2 * i, 2);
        values[i] = convert(half);
    }
    return values;
}

}  // namespace kvt::inline KVT_ABI::tensor
