// safetensors_writer: tensors in memory as the bytes of a safetensors file.
#pragma once

#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/view.hpp>

#include <map>
#include <string>

namespace kvt::inline KVT_ABI::tensor {

/// The file's bytes: header with sorted names (metadata first), padded to 8 bytes, then the data in name order. The same
/// input gives the same bytes. `type` is F32, F16 or BF16 (rounded to nearest even); others throw `error{usage}`.
[[nodiscard]] std::string safetensors_bytes(dense_set const& tensors, element type = element::f32,
                                            std::map<std::string, std::string> const& metadata = {});

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/safetensors_writer.ipp>
#endif
