#pragma once

#include <kvt/model/transformer.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstring>

namespace kvt::inline KVT_ABI::model {

KVT_DECL transformer::transformer(weights w, instruction_set set)
    : weights_{std::move(w)}, set_{set}, kernels_{&kernels_of(set)} {
    check(shape(), "weights");
    auto const half = static_cast<std::size_t>(shape().head_dim / 2),
               positions = static_cast<std::size_t>(shape().max_position_embeddings);
    cosines_.resize(positions * half);
    sines_.resize(positions * half);
    for (std::size_t i = 0; i < half; ++i) {
        // In double: slow frequencies of a large theta turn by less than a float's precision per position.
        double const frequency = std::pow(shape().rope_theta, -2.0 * static_cast<double>(i) / shape().head_dim);
        for (std::size_t p = 0; p < positions; ++p) {
            cosines_[p * half + i] = static_cast<float>(std::cos(static_cast<double>(p) * frequency));
            sines_[p * half + i] = static_cast<float>(std::sin(static_cast<double>(p) * frequency));
        }
    }
}

KVT_DECL transformer transformer::load(std::string const& folder, instruction_set set) {
    return transformer{load_weights(folder), set};
}

KVT_DECL void transformer::check_call(std::span<std::int32_t const> tokens, std::int32_t first_position,
                                      std::span<float const> logits) const {
    auto const refuse = [](std::string const& problem, std::string expected) {
        throw error{error_kind::usage, "transformer", problem, std::move(expected)};
    };
    auto const most = static_cast<std::size_t>(shape().max_position_embeddings),
               vocabulary = static_cast<std::size_t>(shape().vocab_size);
    if (first_position < 0 || tokens.size() > most || static_cast<std::size_t>(first_position) > most - tokens.size())
        refuse(std::to_string(tokens.size()) + " tokens from position " + std::to_string(first_position) + " on",
               "positions 0 to " + std::to_string(most - 1));
    for (auto id : tokens)
        if (id < 0 || id >= shape().vocab_size)
            refuse("token " + std::to_string(id), "0 to " + std::to_string(shape().vocab_size - 1));
    if (logits.size() % vocabulary != 0 || logits.size() / vocabulary > tokens.size())
        refuse("room for " + std::to_string(logits.size()) + " logits", "a multiple of " + std::to_string(vocabulary) +
                                                                            " for at most " +
                                                                            std::to_string(tokens.size()) + " tokens");
}

KVT_DECL void transformer::embed(std::span<std::int32_t const> tokens, std::int32_t first_row, workspace& ws) const {
    auto const hidden = static_cast<std::size_t>(shape().hidden_size), stride = padded(shape().hidden_size);
    float* row = residual_of(ws).row(first_row);
    for (auto id : tokens) {
        std::memcpy(row, weights_.embedding.data() + static_cast<std::size_t>(id) * hidden, hidden * sizeof(float));
        row += stride;
    }
}

/// Norm, the three projections, and rotation of queries and keys by their positions.
KVT_DECL void transformer::project(layer_weights const& layer, std::int32_t count, workspace& ws) const {
    auto const rows = static_cast<std::size_t>(count), hidden = padded(shape().hidden_size);
    auto const query_width = padded(layer.q.outputs()), key_width = padded(layer.k.outputs());
    float* const x = workspace::room(ws.normed, rows * hidden);
    float* const q = workspace::room(ws.q, rows * query_width);
    float* const k = workspace::room(ws.k, rows * key_width);
    float* const v = workspace::room(ws.v, rows * key_width);
    workspace::room(ws.attended, rows * query_width);
    kernels_->rms_norm(ws.residual.data(), hidden, count, layer.attention_norm,
                       static_cast<float>(shape().rms_norm_eps), x, hidden);
    kernels_->multiply(layer.q, x, hidden, count, q, query_width);
    kernels_->multiply(layer.k, x, hidden, count, k, key_width);
    kernels_->multiply(layer.v, x, hidden, count, v, key_width);
    auto const dim = static_cast<std::size_t>(shape().head_dim);
    auto const rotate_heads = [&](float* row, std::int32_t heads, std::size_t angles) {
        for (std::int32_t h = 0; h < heads; ++h, row += dim)
            kernels_->rotate(row, cosines_.data() + angles, sines_.data() + angles, shape().head_dim / 2);
    };
    for (piece const& p : ws.pieces)
        for (std::size_t i = 0; i < static_cast<std::size_t>(p.rows); ++i) {
            std::size_t const row = static_cast<std::size_t>(p.first_row) + i,
                              angles = (static_cast<std::size_t>(p.first_position) + i) * dim / 2;
            rotate_heads(q + row * query_width, shape().num_attention_heads, angles);
            rotate_heads(k + row * key_width, shape().num_key_value_heads, angles);
        }
}

/// One task: lane `i * rows + r` is row `first_row + r` of query head `first_head + i`.
KVT_DECL attention_task transformer::attend(tile const& t, piece const& p, std::span<float const> keys,
                                            std::span<float const> values, workspace& ws) const {
    auto const dim = static_cast<std::size_t>(shape().head_dim),
               width = padded(shape().num_attention_heads * shape().head_dim);
    auto const stored = static_cast<std::int32_t>(keys.size() / dim);
    if (keys.size() != values.size() || keys.size() % dim != 0 || stored < p.rows)
        throw error{error_kind::usage, "KV storage",
                    std::to_string(keys.size()) + " key and " + std::to_string(values.size()) + " value floats"};
    std::int32_t const lanes = t.heads * t.rows, stride = lanes > 16 ? 32 : 16;
    std::int32_t const before = stored - p.rows + t.first_row;  // slots ahead of this tile's first row
    std::int32_t visible[attention_lanes];
    auto const step = static_cast<std::size_t>(stride);
    float* const queries = workspace::room(ws.queries, dim * attention_lanes);
    float const scale = 1.0F / std::sqrt(static_cast<float>(dim));
    Eigen::Map<Eigen::MatrixXf> packed{queries, stride, shape().head_dim};  // column d: all lanes' value d
    if (lanes < stride) packed.bottomRows(stride - lanes).setZero();
    for (std::int32_t i = 0; i < t.heads; ++i) {
        float const* const q = ws.q.data() + static_cast<std::size_t>(p.first_row + t.first_row) * width +
                               static_cast<std::size_t>(t.first_head + i) * dim;
        packed.middleRows(i * t.rows, t.rows) =
            scale *
            Eigen::Map<Eigen::MatrixXf const, 0, Eigen::OuterStride<>>{
                q, shape().head_dim, t.rows, Eigen::OuterStride<>{static_cast<Eigen::Index>(width)}}
                .transpose();
    }
    for (std::int32_t lane = 0; lane < lanes; ++lane) visible[lane] = before + lane % t.rows + 1;
    attention_task task{.queries = queries,
                        .lanes = lanes,
                        .stride = stride,
                        .head_dim = shape().head_dim,
                        .keys = keys.data(),
                        .values = values.data(),
                        .columns = before + t.rows,
                        .visible = visible,
                        .probs = workspace::room(ws.probs, static_cast<std::size_t>(before + t.rows) * step),
                        .sums = workspace::room(ws.sums, attention_lanes),
                        .out = workspace::room(ws.heads, attention_lanes * dim),
                        .out_stride = shape().head_dim};
    kernels_->attend(task);
    task.visible = nullptr;
    for (std::int32_t lane = 0; lane < lanes; ++lane)
        std::memcpy(ws.attended.data() + static_cast<std::size_t>(p.first_row + t.first_row + lane % t.rows) * width +
                        static_cast<std::size_t>(t.first_head + lane / t.rows) * dim,
                    task.out + static_cast<std::size_t>(lane) * dim, dim * sizeof(float));
    return task;
}

/// Output projection and MLP, each added to the residual stream.
KVT_DECL void transformer::finish(layer_weights const& layer, std::int32_t count, workspace& ws) const {
    auto const rows = static_cast<std::size_t>(count), hidden = padded(shape().hidden_size),
               inner = padded(shape().intermediate_size);
    float* const x = ws.residual.data();
    float* const y = workspace::room(ws.projected, rows * hidden);
    float* const normed = ws.normed.data();
    float* const gate = workspace::room(ws.gate, rows * inner);
    float* const up = workspace::room(ws.up, rows * inner);
    auto const values = static_cast<Eigen::Index>(rows * hidden);
    auto const add = [&] { Eigen::Map<Eigen::ArrayXf>{x, values} += Eigen::Map<Eigen::ArrayXf>{y, values}; };
    kernels_->multiply(layer.o, ws.attended.data(), padded(layer.o.inputs()), count, y, hidden);
    add();
    kernels_->rms_norm(x, hidden, count, layer.mlp_norm, static_cast<float>(shape().rms_norm_eps), normed, hidden);
    kernels_->multiply(layer.gate, normed, hidden, count, gate, inner);
    kernels_->multiply(layer.up, normed, hidden, count, up, inner);
    kernels_->swiglu(gate, up, rows * inner);
    kernels_->multiply(layer.down, gate, inner, count, y, hidden);
    add();
}

/// Some rows of the current block, normalised for the head: from row `to_row` of `normed` on.
KVT_DECL void transformer::final_norm(std::int32_t first_row, std::int32_t rows, std::int32_t to_row,
                                      workspace& ws) const {
    auto const hidden = padded(shape().hidden_size);
    kernels_->rms_norm(residual_of(ws).row(first_row), hidden, rows, weights_.final_norm,
                       static_cast<float>(shape().rms_norm_eps),
                       ws.normed.data() + static_cast<std::size_t>(to_row) * hidden, hidden);
}

/// Logits of the first rows of `normed`, row after row, padded.
KVT_DECL float const* transformer::logits(std::int32_t rows, workspace& ws) const {
    auto const hidden = padded(shape().hidden_size), width = padded(shape().vocab_size);
    float* const y = workspace::room(ws.logits, static_cast<std::size_t>(rows) * width);
    kernels_->multiply(weights_.head, ws.normed.data(), hidden, rows, y, width);
    return y;
}

}  // namespace kvt::inline KVT_ABI::model
