// The attention observer contract: who may look at attention probabilities while the transformer computes them.
#pragma once

#include <kvt/version.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::model {

/// Softmax probabilities of consecutive queries of one query head over the cached slots of its KV head. Slot-major:
/// the queries of one slot lie side by side. A slot that comes after a query (causality) has probability 0.
struct attention_block {
    std::int32_t layer = 0;
    std::int32_t query_head = 0;
    std::int32_t kv_head = 0;
    std::int32_t first_position = 0;  ///< of the first query; the others follow one by one
    std::int32_t rows = 0;            ///< queries, 1..32
    std::int32_t columns = 0;         ///< slots: as many as the last of these queries may see
    float const* probs = nullptr;     ///< query `r` on slot `j`: `probs[j * stride + r]`
    std::size_t stride = 0;           ///< floats from one slot to the next, >= rows

    [[nodiscard]] float at(std::int32_t row, std::int32_t slot) const {
        return probs[static_cast<std::size_t>(slot) * stride + static_cast<std::size_t>(row)];
    }
    /// The probabilities of all queries of the block on one slot.
    [[nodiscard]] std::span<float const> on_slot(std::int32_t slot) const {
        return {probs + static_cast<std::size_t>(slot) * stride, static_cast<std::size_t>(rows)};
    }
};

/// Looks on; cannot change what is computed. `wants(layer, first_position, rows)` says whether any of these queries
/// interests it; if not, the probabilities are not even normalised. If so, `attention(block)` is called for each query
/// head with at least these queries, in ascending position for one (layer, query head). How a prompt is cut into blocks
/// is not promised: an observer whose sums shall not depend on it adds up query by query.
///
/// An observer may also have `residual(layer, first_position, rows, values, stride)`: the residual stream (row after
/// row, `hidden_size` floats each) that enters layer `layer`; `layer == num_hidden_layers` is what leaves the last. And it
/// may have `queries(layer, first_position, rows, values, stride)`: the queries of that layer (row after row, the heads of
/// a row side by side), rotated for their positions and not yet scaled.
/// Satisfied by `no_observer` and the observations of cache/observation.hpp.
template <class O>
concept attention_observer = requires(O& o, attention_block const& block, std::int32_t layer,
                                      std::int32_t first_position, std::int32_t rows) {
    { o.wants(layer, first_position, rows) } -> std::same_as<bool>;
    o.attention(block);
};

/// Wants nothing and costs nothing.
struct no_observer {
    static constexpr bool wants(std::int32_t, std::int32_t, std::int32_t) { return false; }
    static constexpr void attention(attention_block const&) {}
};

static_assert(attention_observer<no_observer>);

}  // namespace kvt::inline KVT_ABI::model
