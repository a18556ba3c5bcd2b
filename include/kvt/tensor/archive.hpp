// archive: all tensors of a model, whether in one safetensors file or in shards under an index.
#pragma once

#include <kvt/tensor/safetensors.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// A `.safetensors` file, or a `.safetensors.index.json` with the shards it names (which must lie beside it).
///
/// Faults of an index are `error{malformed|missing}` whose problem starts with the reason: `index_schema`,
/// `duplicate_key`, `bad_shard_name`, `missing_shard`, `tensor_not_in_shard`, `tensor_not_in_index`.
class archive {
  public:
    /// Opens and checks everything; throws `error`.
    [[nodiscard]] static archive open(std::string const& path);

    /// Shard by shard (in name order), in name order within a shard; valid as long as this object.
    [[nodiscard]] std::vector<view const*> const& tensors() const { return tensors_; }
    [[nodiscard]] view const* find(std::string_view name) const;
    /// The opened files, by name; one for an archive without an index.
    [[nodiscard]] std::vector<safetensors> const& files() const { return files_; }
    /// SHA-256 over the bytes of the files in that order; for a single file what `sha256sum` prints.
    [[nodiscard]] std::string hash() const;
    /// As `mapped_file::advise`, for one of `tensors()`.
    void advise(view const& tensor, reading what) const {
        for (auto const& file : files_) file.advise(tensor, what);  // does nothing where it lies in another
    }
    /// Things worth saying that make nothing unusable (an index whose `total_size` is off).
    [[nodiscard]] std::vector<std::string> const& warnings() const { return warnings_; }

  private:
    void open_index(std::string const& path);
    std::vector<safetensors> files_;
    std::vector<view const*> tensors_;
    std::vector<std::string> warnings_;
};

/// The file a model is read from: `path` itself, or within a folder its only index file, else its only `.safetensors`
/// file. Throws `error{missing}` (`model_not_found`) or `error{usage}` (`ambiguous_model`, with the candidates).
[[nodiscard]] std::string resolve_model(std::string const& path);

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/archive.ipp>
#endif
