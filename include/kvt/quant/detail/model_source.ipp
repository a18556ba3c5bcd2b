#pragma once

#include <kvt/quant/model_source.hpp>
#include <kvt/quant/packed_layout.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL model_source::model_source(tensor::archive archive, std::string path)
    : archive_{std::make_shared<tensor::archive const>(std::move(archive))}, path_{std::move(path)} {
    for (auto const& file : archive_->files())
        if (file.metadata().contains(std::string{packed_metadata_key}))
            throw error{error_kind::mismatch, path_, "is quantized already: its tensors are codes and parameters",
                        "a model of F32, F16 or BF16 tensors"};
    for (auto const* t : archive_->tensors()) {
        auto const n = static_cast<std::int64_t>(t->count());
        if (!tensor::has_floats(t->type))
            skipped_.push_back(
                {t->name, t->type, n, std::string{name_of(t->type)} + " is not a type that is quantized"});
        else if (n == 0) skipped_.push_back({t->name, t->type, n, "has no elements"});
        else tensors_.push_back(t), elements_ += n;
    }
    if (tensors_.empty())
        throw quant_error{fault::no_quantizable_tensors, path_,
                          "none of its " + std::to_string(skipped_.size()) + " tensors",
                          "a tensor of type F32, F16 or BF16 with elements"};
}

KVT_DECL std::string model_source::name() const {
    auto const end = path_.find_last_not_of('/');
    if (end == path_.npos) return path_;
    auto const slash = path_.rfind('/', end);
    return path_.substr(slash == path_.npos ? 0 : slash + 1, end - (slash == path_.npos ? 0 : slash + 1) + 1);
}

KVT_DECL model_source open_model(std::string const& path) {
    return model_source{tensor::archive::open(tensor::resolve_model(path)), path};
}

}  // namespace kvt::inline KVT_ABI::quant
