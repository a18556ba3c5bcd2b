// model_source: the tensors of a model that can be quantized, read without taking memory for them.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/quant/fault.hpp>
#include <kvt/tensor/archive.hpp>

#include <memory>

namespace kvt::inline KVT_ABI::quant {

/// A tensor that stays as it is, and why.
struct skipped_tensor {
    std::string name{};
    tensor::element type{};
    std::int64_t elements = 0;
    std::string reason{};
};
KVT_RECORD(skipped_tensor, name, type, elements, reason);

/// An opened model, checked; a thin handle, cheap to copy. Tensors come shard by shard in name order, and in name order
/// within a shard.
class model_source {
  public:
    /// Throws `no_quantizable_tensors` where the archive holds none; `path` names it in errors.
    model_source(tensor::archive archive, std::string path);

    [[nodiscard]] std::string const& path() const { return path_; }
    /// The path's last component.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] tensor::archive const& archive() const { return *archive_; }
    /// F32, F16 and BF16 tensors that have elements; valid as long as any copy of this object.
    [[nodiscard]] std::vector<tensor::view const*> const& tensors() const { return tensors_; }
    [[nodiscard]] std::vector<skipped_tensor> const& skipped() const { return skipped_; }
    [[nodiscard]] std::int64_t elements() const { return elements_; }

    /// To be called before a tensor is read and after it was read for the last time: so a model larger than memory streams
    /// through it tensor by tensor.
    void begin(tensor::view const& t) const { archive_->advise(t, tensor::reading::soon); }
    void end(tensor::view const& t) const { archive_->advise(t, tensor::reading::done); }

  private:
    std::shared_ptr<tensor::archive const> archive_;
    std::string path_;
    std::vector<tensor::view const*> tensors_;
    std::vector<skipped_tensor> skipped_;
    std::int64_t elements_ = 0;
};

/// Finds (`tensor::resolve_model`), opens and checks a model. Throws the faults of the container (`model_not_found`,
/// `ambiguous_model`, `offsets_not_contiguous`, `missing_shard`, ...) and `no_quantizable_tensors`.
[[nodiscard]] model_source open_model(std::string const& path);

/// The source stage of a pipeline: a file, an index, or a folder that holds one of them.
struct load_model {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "load_model";
    std::string path;

    explicit load_model(std::string file_or_folder) : path{std::move(file_or_folder)} {}
    [[nodiscard]] model_source operator()(run_context&, start) const { return open_model(path); }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/model_source.ipp>
#endif
