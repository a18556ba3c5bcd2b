// float_blocks: the elements of a tensor as floats, some at a time.
#pragma once

#include <kvt/tensor/view.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::tensor {

/// Reads F32 elements where they lie (unless they are misaligned) and decodes others into a buffer that stays in the
/// processor's cache, so that no tensor is ever copied whole.
class float_blocks {
  public:
    /// Elements that are decoded at once: 64 KiB of floats.
    static constexpr std::size_t block = std::size_t{1} << 14;

    explicit float_blocks(view const& tensor) : tensor_{tensor} {}

    [[nodiscard]] std::size_t size() const { return tensor_.count(); }
    /// Elements lie in memory as floats already.
    [[nodiscard]] bool in_place() const {
        return tensor_.type == element::f32 &&
               reinterpret_cast<std::uintptr_t>(tensor_.bytes.data()) % alignof(float) == 0;
    }
    /// Calls `f(values, first)` for consecutive pieces of elements `begin..end-1`, in order; where they are decoded, pieces
    /// are `block` long (the last as long as what is left). `values` lives until `f` returns. Throws as `to_floats`.
    template <class F> void each(std::size_t begin, std::size_t end, F&& f) {
        if (in_place() && begin <= end && end <= size()) {
            if (begin < end)
                f(std::span{reinterpret_cast<float const*>(tensor_.bytes.data()) + begin, end - begin}, begin);
            return;
        }
        for (std::size_t at = begin; at < end; at += block) {
            buffer_.resize(std::min(block, end - at));
            to_floats(tensor_, at, buffer_);
            f(std::span<float const>{buffer_}, at);
        }
    }

  private:
    view const& tensor_;
    std::vector<float> buffer_;
};

}  // namespace kvt::inline KVT_ABI::tensor
