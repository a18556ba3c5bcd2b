// dense: a named tensor of floats in memory, and a set of them by name.
#pragma once

#include <kvt/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// Row-major values; `shape` outermost first, `{}` is a scalar.
struct dense {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// `[2, 3]`: for messages.
[[nodiscard]] std::string to_string(std::vector<std::int64_t> const& shape);

/// Tensors by name, in name order.
class dense_set {
  public:
    /// Adds or replaces; throws `error{usage}` where shape and number of values disagree.
    void put(std::string name, std::vector<std::int64_t> shape, std::vector<float> values);
    [[nodiscard]] dense const* find(std::string const& name) const;
    [[nodiscard]] std::map<std::string, dense> const& all() const { return tensors_; }

  private:
    std::map<std::string, dense> tensors_;
};

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/dense.ipp>
#endif
