// workspace: the scratch memory of one forward pass after another.
#pragma once

#include <kvt/model/packed_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Grows to what the largest pass needs and is then reused: decoding allocates nothing per token beyond growth by
/// doubling. One per thread; its contents never influence a result.
struct workspace {
    float_buffer residual, normed, q, k, v, attended, projected, gate, up,
        logits;                                ///< [rows of a block x padded width]
    float_buffer queries, probs, sums, heads;  ///< of one attention task

    /// Consecutive tokens of one sequence among the rows of a block.
    struct piece {
        std::size_t pass;                     ///< whose tokens: place in the batch
        std::int32_t start, first_row, rows;  ///< the first one's place in the pass and in the block, and how many
        std::int32_t first_position;
    };
    std::vector<piece> pieces;  ///< of the block under way

    /// At least `count` floats; contents unspecified.
    static float* room(float_buffer& buffer, std::size_t count) {
        if (buffer.size() < count) {
            std::size_t const doubled = buffer.size() * 2;
            buffer.clear();
            buffer.resize(count > doubled ? count : doubled);
        }
        return buffer.data();
    }
};

}  // namespace kvt::inline KVT_ABI::model
