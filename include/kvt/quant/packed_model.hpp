// packed_model: a quantized model read back from its file.
#pragma once

#include <kvt/quant/packed_layout.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <map>

namespace kvt::inline KVT_ABI::quant {

/// One of its tensors; `codes` lives as long as the model.
struct packed_tensor {
    packed_layout layout{};
    std::vector<affine> parameters{};
    std::span<std::uint8_t const> codes{};

    /// Reconstructs as many values as `out` has, from element `first` on; throws `length_mismatch`.
    void decode(std::size_t first, std::span<double> out) const;
    void decode(std::size_t first, std::span<float> out) const;
    /// The error against the original, per time group: what was measured when it was packed, to the bit, but for `clipped`,
    /// which stays 0. Throws `length_mismatch`, `unsupported_dtype`.
    [[nodiscard]] std::vector<error_sums> measure(tensor::view const& original) const;
};

/// Everything but the parameters is checked when the file is opened; those when a tensor is read.
class packed_model {
  public:
    /// Throws the faults of the container, and `error{malformed}` or a fault naming the file or tensor: no layouts, a layout
    /// that is not possible, parts that are missing or of another type or size.
    [[nodiscard]] static packed_model open(std::string const& path);
    [[nodiscard]] static packed_model parse(std::vector<std::byte> bytes, std::string const& where);

    [[nodiscard]] std::map<std::string, packed_layout> const& packed() const { return packed_; }
    /// Throws `error{missing}`, and `invalid_scale` or `invalid_zero_point` for parameters that are no finite numbers.
    [[nodiscard]] packed_tensor read(std::string const& name) const;
    /// Tensors that were not packed, by name.
    [[nodiscard]] std::vector<tensor::view const*> passed() const;

  private:
    packed_model(tensor::safetensors file, std::string const& where);
    tensor::safetensors file_;
    std::map<std::string, packed_layout> packed_;
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/packed_model.ipp>
#endif
