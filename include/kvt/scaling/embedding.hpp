// embedding: rows of a table by token, and their gradients.
#pragma once

#include <kvt/scaling/layer_kernels.hpp>

#include <algorithm>
#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// y[t] = table[ids[t]]; table [vocabulary x width]. Ids must lie in the vocabulary.
template <class Real> struct embedding {
    std::size_t width;

    void forward(std::span<std::int32_t const> ids, std::span<Real const> table, std::span<Real> y) const {
        for (std::size_t t = 0; t < ids.size(); ++t)
            std::copy_n(table.data() + static_cast<std::size_t>(ids[t]) * width, width, y.data() + t * width);
    }
    /// Adds to `d_table`, in order of positions.
    void backward(std::span<std::int32_t const> ids, std::span<Real const> d_y, std::span<Real> d_table) const {
        auto const& kernels = layer_kernels_of<Real>();
        for (std::size_t t = 0; t < ids.size(); ++t)
            kernels.add(d_y.data() + t * width, width, d_table.data() + static_cast<std::size_t>(ids[t]) * width);
    }
};

}  // namespace kvt::inline KVT_ABI::scaling
