// packed_writer: a quantized model as a safetensors file, tensor by tensor.
#pragma once

#include <kvt/quant/packed_layout.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <map>

namespace kvt::inline KVT_ABI::quant {

/// What the file will hold. The tensors that stay as they are keep their names.
struct packed_plan {
    std::map<std::string, packed_layout> packed;
    std::vector<tensor::tensor_plan> passed;
    std::map<std::string, std::string> metadata;  ///< further entries

    void pass(tensor::view const& t) { passed.push_back({t.name, t.type, t.shape}); }
};

/// Tensors come in any order; memory holds none of them. The file is there after `finish`, whole, or never.
class packed_writer {
  public:
    /// Throws as `packed_layout::check` and `tensor::safetensors_file` (names that collide among them).
    packed_writer(std::string const& path, packed_plan plan);

    /// A packed tensor's parameters (as they are stored: `affine::stored`) and codes. Throws `length_mismatch` naming the
    /// tensor where their numbers are not those of its layout, `invalid_scale` or `invalid_zero_point` where one of them is
    /// no finite number, or would change when it is stored.
    void put(std::string const& name, std::span<affine const> parameters, std::span<std::uint8_t const> codes);
    /// A tensor that stays as it is.
    void pass(tensor::view const& t) { file_.write(t.name, 0, t.bytes); }
    /// Throws `error{usage}` where one is missing, `error{io}`.
    void finish() { file_.finish(); }

  private:
    std::map<std::string, packed_layout> packed_;
    tensor::safetensors_file file_;
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/packed_writer.ipp>
#endif
