// safetensors_file: a safetensors file written piece by piece, whole in the end or not there at all.
#pragma once

#include <kvt/core/whole_file.hpp>
#include <kvt/tensor/view.hpp>

#include <map>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::tensor {

/// A tensor that a file will hold.
struct tensor_plan {
    std::string name{};
    element type = element::f32;
    std::vector<std::int64_t> shape{};
};
KVT_RECORD(tensor_plan, name, type, shape);

/// Header and places are settled at the beginning (wider elements first, then by name, so that every tensor lies at a
/// multiple of its element's size); bytes come in any order, and memory holds none of them. The same plan and bytes give
/// the same file. It is there, whole, after `finish` (`whole_file`); without that, nothing is left.
class safetensors_file {
  public:
    /// Makes missing folders. Throws `error{usage}` (a name that is taken twice or not allowed, a negative dimension, a size
    /// beyond 64 bits) or `error{io}`.
    safetensors_file(std::string path, std::vector<tensor_plan> tensors,
                     std::map<std::string, std::string> const& metadata = {});
    safetensors_file(safetensors_file const&) = delete;
    safetensors_file& operator=(safetensors_file const&) = delete;

    /// Bytes of a tensor, from its byte `first` on. Throws `error{usage}` where they do not fit, `error{io}`.
    void write(std::string_view name, std::uint64_t first, std::span<std::byte const> bytes);
    /// Throws `error{usage}` where a tensor has fewer bytes than planned, naming it, and `error{io}`.
    void finish();

  private:
    struct place {
        std::uint64_t begin = 0, size = 0, written = 0;
    };
    void put(std::uint64_t at, void const* bytes, std::size_t size);

    std::string path_;
    std::map<std::string, place, std::less<>> places_;
    whole_file file_;
};

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/safetensors_file.ipp>
#endif
