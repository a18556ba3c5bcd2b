// packed_matrix: a weight matrix laid out in panels of 32 outputs, as the kernels read it.
#pragma once

#include <kvt/core/line_allocator.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Memory on cache-line boundaries.
using kvt::line_allocator;
using float_buffer = line_vector<float>;

/// Outputs computed side by side.
inline constexpr std::int32_t panel_width = 32;
[[nodiscard]] constexpr std::int32_t padded_to_panel(std::int32_t n) {
    return (n + panel_width - 1) / panel_width * panel_width;
}

/// W[outputs x inputs] for y = x W^T: `[panel][input][32 outputs]`, the last panel filled up with zeros.
class packed_matrix {
  public:
    packed_matrix() = default;
    /// `row_major` holds `outputs * inputs` values, one output's weights after the other.
    packed_matrix(std::span<float const> row_major, std::int32_t outputs, std::int32_t inputs)
        : outputs_{outputs}, inputs_{inputs},
          data_(static_cast<std::size_t>(padded_to_panel(outputs)) * static_cast<std::size_t>(inputs)) {
        auto const k = static_cast<std::size_t>(inputs);
        for (std::size_t n = 0; n < static_cast<std::size_t>(outputs); ++n)
            for (std::size_t i = 0; i < k; ++i)
                data_[(n / panel_width * k + i) * panel_width + n % panel_width] = row_major[n * k + i];
    }
    [[nodiscard]] std::int32_t outputs() const { return outputs_; }
    [[nodiscard]] std::int32_t inputs() const { return inputs_; }
    [[nodiscard]] std::int32_t padded_outputs() const { return padded_to_panel(outputs_); }
    [[nodiscard]] float const* data() const { return data_.data(); }

  private:
    std::int32_t outputs_ = 0, inputs_ = 0;
    float_buffer data_;
};

}  // namespace kvt::inline KVT_ABI::model
