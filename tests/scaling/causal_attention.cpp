#include "gradient_check.hpp"

#include <kvt/scaling/causal_attention.hpp>

#include <algorithm>
#include <array>

using namespace kvt::scaling;
using gradient_check::noise;

namespace {

/// Attention as its definition reads.
std::vector<double> plain(causal_attention<double> const& layer, std::span<double const> qkv) {
    std::size_t const width = layer.qkv_width(), length = qkv.size() / width, dim = layer.head_dim;
    std::vector<double> out(length * layer.out_width(), 0);
    for (std::size_t h = 0; h < layer.heads; ++h) {
        std::size_t const shared = h / (layer.heads / layer.kv_heads);
        for (std::size_t t = 0; t < length; ++t) {
            double const* const q = qkv.data() + t * width + h * dim;
            std::vector<double> p(t + 1);
            double sum = 0;
            for (std::size_t u = 0; u <= t; ++u) {
                double const* const k = qkv.data() + u * width + (layer.heads + shared) * dim;
                for (std::size_t d = 0; d < dim; ++d) p[u] += q[d] * k[d] / std::sqrt(static_cast<double>(dim));
                sum += p[u] = std::exp(p[u]);
            }
            for (std::size_t u = 0; u <= t; ++u)
                for (std::size_t d = 0; d < dim; ++d)
                    out[t * layer.out_width() + h * dim + d] +=
                        p[u] / sum * qkv[u * width + (layer.heads + layer.kv_heads + shared) * dim + d];
        }
    }
    return out;
}

}  // namespace

TEST_CASE("attention is a softmax over what came before") {
    for (auto const& [heads, kv_heads, dim, length] :
         {std::array<std::size_t, 4>{1, 1, 2, 1}, {2, 1, 4, 7}, {4, 2, 6, 65}, {3, 3, 8, 130}}) {
        causal_attention<double> const layer{heads, kv_heads, dim};
        auto const qkv = noise(length * layer.qkv_width(), "qkv", 2);
        std::vector<double> out(length * layer.out_width()), log_sums(length * heads);
        attention_scratch<double> scratch;
        layer.forward(qkv, out, log_sums, scratch);
        auto const expected = plain(layer, qkv);
        for (std::size_t i = 0; i < out.size(); ++i) REQUIRE(out[i] == doctest::Approx(expected[i]).epsilon(1e-12));
    }
}

TEST_CASE("attention's gradients are the derivatives, of shared keys and values too") {
    for (auto const& [heads, kv_heads, dim, length] :
         {std::array<std::size_t, 4>{2, 2, 4, 5}, {4, 2, 6, 9}, {3, 1, 2, 70}}) {
        causal_attention<double> const layer{heads, kv_heads, dim};
        auto qkv = noise(length * layer.qkv_width(), "qkv", 2);
        auto const by = noise(length * layer.out_width(), "by");
        std::vector<double> out(by.size()), log_sums(length * heads), d_qkv(qkv.size(), 9);
        attention_scratch<double> scratch;
        auto const loss = [&] {
            layer.forward(qkv, out, log_sums, scratch);
            return gradient_check::weighted(out, by);
        };
        (void)loss();
        layer.backward(qkv, out, log_sums, by, d_qkv, scratch);
        gradient_check::agree(qkv, d_qkv, loss, length > 9 ? 7 : 1);
    }
}

TEST_CASE("a row does not depend on what comes after it") {
    causal_attention<float> const layer{2, 1, 8};
    auto const values = noise(150 * layer.qkv_width(), "rows");
    std::vector<float> const qkv(values.begin(), values.end());
    attention_scratch<float> scratch;
    auto const run = [&](std::size_t length) {
        std::vector<float> out(length * layer.out_width()), log_sums(length * 2);
        layer.forward(std::span{qkv}.first(length * layer.qkv_width()), out, log_sums, scratch);
        return out;
    };
    auto const whole = run(150), part = run(128);
    REQUIRE(std::equal(part.begin(), part.end(), whole.begin()));
}
