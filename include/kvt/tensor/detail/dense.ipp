#pragma once

#include <kvt/tensor/dense.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::tensor {

KVT_DECL std::string to_string(std::vector<std::int64_t> const& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

KVT_DECL void dense_set::put(std::string name, std::vector<std::int64_t> shape, std::vector<float> values) {
    std::int64_t count = 1;
    for (auto n : shape) count *= n;
    if (count != static_cast<std::int64_t>(values.size()))
        throw error{error_kind::usage, name, std::to_string(values.size()) + " values for shape " + to_string(shape)};
    tensors_[std::move(name)] = {std::move(shape), std::move(values)};
}

KVT_DECL dense const* dense_set::find(std::string const& name) const {
    auto const at = tensors_.find(name);
    return at == tensors_.end() ? nullptr : &at->second;
}

}  // namespace kvt::inline KVT_ABI::tensor
