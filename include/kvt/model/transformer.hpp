// transformer: the forward pass of a decoder-only model over a KV storage it does not own.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/attention_observer.hpp>
#include <kvt/model/kernels.hpp>
#include <kvt/model/kv_storage.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/model/workspace.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// One sequence's part of a batched pass: `tokens` at positions `first_position`, `first_position + 1`, ... See
/// `transformer::forward`.
template <kv_storage Cache, attention_observer Observer> struct pass {
    std::span<std::int32_t const> tokens;
    std::int32_t first_position = 0;
    Cache* cache = nullptr;
    Observer* observer = nullptr;
    std::span<float> last_logits;
};

/// Immutable; one may serve any number of threads, each with its own storage and workspace. Results depend on weights,
/// tokens, positions and the storage's slots alone: the same bits however a prompt is cut into calls, alone or in a batch, on
/// every instruction set, with or without an observer.
class transformer {
  public:
    explicit transformer(weights w, instruction_set set = best_instruction_set());
    /// From a folder with config.json and model.safetensors; throws `error` naming the file and tensor.
    [[nodiscard]] static transformer load(std::string const& folder, instruction_set set = best_instruction_set());

    [[nodiscard]] model::shape const& shape() const { return weights_.shape; }
    /// SHA-256 of the weights' safetensors file; says nothing of the shape's constants.
    [[nodiscard]] std::string const& hash() const { return weights_.hash; }
    [[nodiscard]] instruction_set instructions() const { return set_; }

    /// Runs `tokens` at positions `first_position`, `first_position + 1`, ...: appends their keys and values to `cache`
    /// and attends to all its slots. `last_logits` receives the logits of the last `last_logits.size() / vocab_size`
    /// tokens (row after row; usually one, or none where it is empty).
    /// Throws `error{usage}` for tokens outside the vocabulary, positions outside the model's, and a logits span that is
    /// not a whole number of rows; nothing is appended then.
    template <kv_storage Cache, attention_observer Observer>
    void forward(std::span<std::int32_t const> tokens, std::int32_t first_position, Cache& cache, Observer& observer,
                 std::span<float> last_logits, workspace& ws) const {
        pass<Cache, Observer> const one{tokens, first_position, &cache, &observer, last_logits};
        forward(std::span{&one, 1}, ws);
    }
    /// Several sequences at once, each with a storage of its own: rows of all of them meet the weights together, so that
    /// these are read once for `block_rows` rows. Throws as above, before anything is appended.
    template <kv_storage Cache, attention_observer Observer>
    void forward(std::span<pass<Cache, Observer> const> passes, workspace& ws) const;

    /// Rows computed together; what is longer is run block after block.
    static constexpr std::int32_t block_rows = 128;

  private:
    using piece = workspace::piece;
    /// Some query heads of one KV head, some rows of a piece: what one attention task computes.
    struct tile {
        std::int32_t kv_head, first_head, heads, first_row, rows;
    };
    /// A floating-point row and how far the next one is.
    struct rows_view {
        float* data;
        std::size_t stride;
        [[nodiscard]] float* row(std::int32_t r) const { return data + static_cast<std::size_t>(r) * stride; }
    };
    [[nodiscard]] std::size_t padded(std::int32_t width) const {
        return static_cast<std::size_t>(padded_to_panel(width));
    }
    [[nodiscard]] rows_view keys_of(workspace& ws) const {
        return {ws.k.data(), padded(shape().num_key_value_heads * shape().head_dim)};
    }
    [[nodiscard]] rows_view values_of(workspace& ws) const {
        return {ws.v.data(), padded(shape().num_key_value_heads * shape().head_dim)};
    }
    [[nodiscard]] rows_view residual_of(workspace& ws) const {
        return {ws.residual.data(), padded(shape().hidden_size)};
    }

    void check_call(std::span<std::int32_t const> tokens, std::int32_t first_position,
                    std::span<float const> logits) const;
    void embed(std::span<std::int32_t const> tokens, std::int32_t first_row, workspace& ws) const;
    void project(layer_weights const& layer, std::int32_t rows, workspace& ws) const;
    [[nodiscard]] attention_task attend(tile const& t, piece const& p, std::span<float const> keys,
                                        std::span<float const> values, workspace& ws) const;
    void finish(layer_weights const& layer, std::int32_t rows, workspace& ws) const;
    void final_norm(std::int32_t first_row, std::int32_t rows, std::int32_t to_row, workspace& ws) const;
    [[nodiscard]] float const* logits(std::int32_t rows, workspace& ws) const;

    template <class Cache, class Observer>
    void run_block(std::span<pass<Cache, Observer> const> passes, std::int32_t rows, workspace& ws) const;
    template <class Cache, class Observer>
    void attend_all(std::int32_t layer, piece const& p, Cache& cache, Observer& observer, workspace& ws) const;
    template <class Observer>
    void show(std::int32_t layer, tile const& t, piece const& p, attention_task const& task, Observer& observer) const;
    template <class Observer>
    void show_residual(std::int32_t layer, piece const& p, Observer& observer, workspace& ws) const;
    template <class Observer>
    void show_queries(std::int32_t layer, piece const& p, Observer& observer, workspace& ws) const;

    weights weights_;
    instruction_set set_;
    kernel_table const* kernels_;
    float_buffer cosines_, sines_;  // [position][head_dim / 2]
};

template <kv_storage Cache, attention_observer Observer>
void transformer::forward(std::span<pass<Cache, Observer> const> passes, workspace& ws) const {
    for (auto const& p : passes) check_call(p.tokens, p.first_position, p.last_logits);
    std::int32_t rows = 0;  // of the block being filled
    ws.pieces.clear();
    for (std::size_t i = 0; i < passes.size(); ++i) {
        auto const total = static_cast<std::int32_t>(passes[i].tokens.size());
        for (std::int32_t start = 0; start < total;) {
            std::int32_t const count = std::min(block_rows - rows, total - start);
            ws.pieces.push_back({i, start, rows, count, passes[i].first_position + start});
            start += count, rows += count;
            if (rows < block_rows) continue;
            run_block(passes, rows, ws);
            ws.pieces.clear(), rows = 0;
        }
    }
    if (rows > 0) run_block(passes, rows, ws);
}

template <class Cache, class Observer>
void transformer::run_block(std::span<pass<Cache, Observer> const> passes, std::int32_t rows, workspace& ws) const {
    auto const vocabulary = static_cast<std::size_t>(shape().vocab_size);
    (void)workspace::room(ws.residual, static_cast<std::size_t>(rows) * padded(shape().hidden_size));
    for (piece const& p : ws.pieces)
        embed(passes[p.pass].tokens.subspan(static_cast<std::size_t>(p.start), static_cast<std::size_t>(p.rows)),
              p.first_row, ws);
    for (std::int32_t layer = 0; layer < shape().num_hidden_layers; ++layer) {
        for (piece const& p : ws.pieces) show_residual(layer, p, *passes[p.pass].observer, ws);
        project(weights_.layers[static_cast<std::size_t>(layer)], rows, ws);
        for (piece const& p : ws.pieces) {
            show_queries(layer, p, *passes[p.pass].observer, ws);
            attend_all(layer, p, *passes[p.pass].cache, *passes[p.pass].observer, ws);
        }
        finish(weights_.layers[static_cast<std::size_t>(layer)], rows, ws);
    }
    // The rows with logits lie at the end of each pass; they meet the head together.
    auto const first_spoken = [&](piece const& p) {
        auto const& of = passes[p.pass];
        return std::max(p.start, static_cast<std::int32_t>(of.tokens.size() - of.last_logits.size() / vocabulary));
    };
    std::int32_t spoken = 0;
    for (piece const& p : ws.pieces) {
        show_residual(shape().num_hidden_layers, p, *passes[p.pass].observer, ws);
        std::int32_t const from = first_spoken(p), count = std::max(p.start + p.rows - from, 0);
        if (count > 0) final_norm(p.first_row + from - p.start, count, spoken, ws);
        spoken += count;
    }
    if (spoken == 0) return;
    float const* row = logits(spoken, ws);
    for (piece const& p : ws.pieces)
        for (std::int32_t at = first_spoken(p); at < p.start + p.rows; ++at, row += padded(shape().vocab_size)) {
            auto const& of = passes[p.pass];
            std::copy_n(row, vocabulary,
                        of.last_logits.data() + of.last_logits.size() -
                            (of.tokens.size() - static_cast<std::size_t>(at)) * vocabulary);
        }
}

template <class Cache, class Observer>
void transformer::attend_all(std::int32_t layer, piece const& p, Cache& cache, Observer& observer,
                             workspace& ws) const {
    auto const dim = static_cast<std::size_t>(shape().head_dim);
    auto const keys = keys_of(ws), values = values_of(ws);
    std::int32_t const group = shape().group_size(), rows = std::min(p.rows, attention_lanes);
    std::int32_t const together = std::clamp(attention_lanes / rows, 1, group);
    for (std::int32_t h = 0; h < shape().num_key_value_heads; ++h) {
        std::size_t const offset = static_cast<std::size_t>(h) * dim;
        for (std::int32_t r = 0; r < p.rows; ++r)
            cache.append(layer, h, p.first_position + r,
                         std::span<float const>{keys.row(p.first_row + r) + offset, dim},
                         std::span<float const>{values.row(p.first_row + r) + offset, dim});
        std::span<float const> const stored_keys = cache.keys(layer, h), stored_values = cache.values(layer, h);
        for (std::int32_t head = h * group; head < (h + 1) * group; head += together)
            for (std::int32_t row = 0; row < p.rows; row += rows) {
                tile const t{h, head, std::min(together, (h + 1) * group - head), row, std::min(rows, p.rows - row)};
                auto const task = attend(t, p, stored_keys, stored_values, ws);
                show(layer, t, p, task, observer);
            }
    }
}

template <class Observer>
void transformer::show(std::int32_t layer, tile const& t, piece const& p, attention_task const& task,
                       Observer& observer) const {
    if (!observer.wants(layer, p.first_position + t.first_row, t.rows)) return;
    kernels_->normalise(task);
    for (std::int32_t i = 0; i < t.heads; ++i)
        observer.attention({.layer = layer,
                            .query_head = t.first_head + i,
                            .kv_head = t.kv_head,
                            .first_position = p.first_position + t.first_row,
                            .rows = t.rows,
                            .columns = task.columns,
                            .probs = task.probs + static_cast<std::ptrdiff_t>(i) * t.rows,
                            .stride = static_cast<std::size_t>(task.stride)});
}

template <class Observer>
void transformer::show_residual(std::int32_t layer, piece const& p, Observer& observer, workspace& ws) const {
    if constexpr (requires {
                      observer.residual(layer, p.first_position, p.rows, static_cast<float const*>(nullptr),
                                        std::size_t{});
                  }) {
        auto const r = residual_of(ws);
        observer.residual(layer, p.first_position, p.rows, static_cast<float const*>(r.row(p.first_row)), r.stride);
    }
}

template <class Observer>
void transformer::show_queries(std::int32_t layer, piece const& p, Observer& observer, workspace& ws) const {
    if constexpr (requires {
                      observer.queries(layer, p.first_position, p.rows, static_cast<float const*>(nullptr),
                                       std::size_t{});
                  }) {
        std::size_t const stride = padded(shape().num_attention_heads * shape().head_dim);
        float const* const first = ws.q.data() + static_cast<std::size_t>(p.first_row) * stride;
        observer.queries(layer, p.first_position, p.rows, first, stride);
    }
}

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/transformer.ipp>
#endif
