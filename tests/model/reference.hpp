// A transformer in double precision, written straight from the definition and with every position at once.
#pragma once

#include <kvt/model/weights.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace reference {

using matrix = Eigen::MatrixXd;

struct model {
    kvt::model::shape s;
    kvt::tensor::dense_set tensors;

    [[nodiscard]] matrix get(std::string const& name) const {
        auto const& t = *tensors.find(name);
        auto const rows = t.shape[0], columns = t.shape.size() > 1 ? t.shape[1] : 1;
        return Eigen::Map<Eigen::Matrix<float, -1, -1, Eigen::RowMajor> const>(t.values.data(), rows, columns)
            .cast<double>();
    }
    [[nodiscard]] matrix norm(matrix const& x, std::string const& name) const {
        Eigen::VectorXd const gain = get(name).col(0);
        matrix y = x;
        for (Eigen::Index r = 0; r < x.rows(); ++r)
            y.row(r) = (x.row(r) / std::sqrt(x.row(r).squaredNorm() / static_cast<double>(x.cols()) + s.rms_norm_eps))
                           .cwiseProduct(gain.transpose());
        return y;
    }
    // Rotates the pairs (i, i + head_dim / 2) of one head by position * theta^(-2i / head_dim).
    void rotate(Eigen::Ref<matrix> head) const {
        Eigen::Index const half = s.head_dim / 2;
        for (Eigen::Index p = 0; p < head.rows(); ++p)
            for (Eigen::Index i = 0; i < half; ++i) {
                double const angle =
                    static_cast<double>(p) * std::pow(s.rope_theta, -2.0 * static_cast<double>(i) / s.head_dim);
                double const a = head(p, i), b = head(p, i + half);
                head(p, i) = a * std::cos(angle) - b * std::sin(angle);
                head(p, i + half) = b * std::cos(angle) + a * std::sin(angle);
            }
    }
    // Logits [tokens x vocab]; `kept(layer, kv_head, query, slot)` says whether a query may see an earlier slot.
    template <class Kept> [[nodiscard]] matrix logits(std::span<std::int32_t const> tokens, Kept kept) const {
        auto const n = static_cast<Eigen::Index>(tokens.size());
        Eigen::Index const dim = s.head_dim;
        matrix const embedding = get("model.embed_tokens.weight");
        matrix x(n, s.hidden_size);
        for (Eigen::Index i = 0; i < n; ++i) x.row(i) = embedding.row(tokens[static_cast<std::size_t>(i)]);
        for (std::int32_t l = 0; l < s.num_hidden_layers; ++l) {
            std::string const layer = "model.layers." + std::to_string(l) + ".";
            matrix h = norm(x, layer + "input_layernorm.weight");
            matrix q = h * get(layer + "self_attn.q_proj.weight").transpose();
            matrix k = h * get(layer + "self_attn.k_proj.weight").transpose();
            matrix const v = h * get(layer + "self_attn.v_proj.weight").transpose();
            for (std::int32_t g = 0; g < s.num_key_value_heads; ++g) rotate(k.middleCols(g * dim, dim));
            matrix out(n, q.cols());
            for (std::int32_t a = 0; a < s.num_attention_heads; ++a) {
                std::int32_t const g = a / (s.num_attention_heads / s.num_key_value_heads);
                rotate(q.middleCols(a * dim, dim));
                matrix p = q.middleCols(a * dim, dim) * k.middleCols(g * dim, dim).transpose() /
                           std::sqrt(static_cast<double>(dim));
                for (Eigen::Index i = 0; i < n; ++i) {
                    for (Eigen::Index j = 0; j < n; ++j)
                        p(i, j) = j <= i && kept(l, g, static_cast<std::int32_t>(i), static_cast<std::int32_t>(j))
                                      ? std::exp(p(i, j))
                                      : 0.0;
                    p.row(i) /= p.row(i).sum();
                }
                out.middleCols(a * dim, dim) = p * v.middleCols(g * dim, dim);
            }
            x += out * get(layer + "self_attn.o_proj.weight").transpose();
            h = norm(x, layer + "post_attention_layernorm.weight");
            matrix const gate = h * get(layer + "mlp.gate_proj.weight").transpose();
            matrix const up = h * get(layer + "mlp.up_proj.weight").transpose();
            matrix const inner = (gate.array() / (1 + (-gate.array()).exp()) * up.array()).matrix();
            x += inner * get(layer + "mlp.down_proj.weight").transpose();
        }
        return norm(x, "model.norm.weight") * (s.tie_word_embeddings ? embedding : get("lm_head.weight")).transpose();
    }
};

}  // namespace reference
