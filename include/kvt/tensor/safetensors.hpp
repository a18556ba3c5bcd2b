// safetensors: a reader that believes nothing the file says before checking it.
#pragma once

#include <kvt/tensor/mapped_file.hpp>
#include <kvt/tensor/view.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// A container of named tensors: 8 bytes header length, a JSON header, packed data.
///
/// Everything is checked when the file is opened. The first failed check is an `error{malformed}` naming the file, whose
/// problem starts with the reason and a colon; in the order of the checks: `header_too_small`, `header_too_large` (over
/// 100,000,000 bytes), `header_length`, `header_utf8`, `header_start`, `header_json` (also: nesting deeper than 64),
/// `duplicate_key`, `bad_metadata`, per tensor `bad_tensor_entry`, `missing_field`, `unknown_dtype`, `bad_shape`,
/// `shape_overflow`, `bad_offsets`, `offset_out_of_range`, `size_mismatch`, then `offsets_not_contiguous` and
/// `buffer_not_covered`. Memory beyond the file's own size is taken only in proportion to its header.
class safetensors {
  public:
    /// Maps and checks a file; throws `error{missing|io|malformed}`.
    [[nodiscard]] static safetensors open(std::string const& path);
    /// The same for bytes in memory; `where` names them in errors.
    [[nodiscard]] static safetensors parse(std::vector<std::byte> bytes, std::string_view where);

    /// In name order; valid as long as this object.
    [[nodiscard]] std::vector<view> const& tensors() const { return tensors_; }
    /// The tensor of that name, or null.
    [[nodiscard]] view const* find(std::string_view name) const;
    /// `__metadata__`, empty where absent.
    [[nodiscard]] std::map<std::string, std::string> const& metadata() const { return metadata_; }
    /// The whole file.
    [[nodiscard]] std::span<std::byte const> file_bytes() const { return file_.bytes(); }
    /// As `mapped_file::advise`.
    void advise(view const& tensor, reading what) const { file_.advise(tensor.bytes, what); }

  private:
    safetensors(mapped_file file, std::string_view where);
    mapped_file file_;
    std::vector<view> tensors_;
    std::map<std::string, std::string> metadata_;
};

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/safetensors.ipp>
#endif
