// dense: a named tensor of floats in memory, and a set of them by name.
#pragma once

#include <kvt/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// Row-major values; `shape` outermost first, `{}` is a scalar.
struct dense {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// `[2, 3]`: for messages.
[[nodiscard]] inline std::string to_string(std::vector<std::int64_t> const& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

/// Tensors by name, in name order.
class dense_set {
  public:
    /// Adds or replaces; throws `error{usage}` where shape and number of values disagree.
    void put(std::string name, std::vector<std::int64_t> shape, std::vector<float> values) {
        std::int64_t count = 1;
        for (auto n : shape) count *= n;
        if (count != static_cast<std::int64_t>(values.size()))
            throw error{error_kind::usage, name,
                        std::to_string(values.size()) + " values for shape " + to_string(shape)};
        tensors_[std::move(name)] = {std::move(shape), std::move(values)};
    }
    [[nodiscard]] dense const* find(std::string const& name) const {
        auto const at = tensors_.find(name);
        return at == tensors_.end() ? nullptr : &at->second;
    }
    [[nodiscard]] std::map<std::string, dense> const& all() const { return tensors_; }

  private:
    std::map<std::string, dense> tensors_;
};

}  // namespace kvt::inline KVT_ABI::tensor
