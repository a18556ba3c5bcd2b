#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/normal_draws.hpp>
#include <kvt/scaling/structured_start.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// The steps of a start, in their order.
struct starting {
    structured_start const& how;
    decoder<float>& model;
    std::int64_t seed;
    decoder_shape const& shape = model.shape();
    std::size_t width = static_cast<std::size_t>(shape.d_model), head = static_cast<std::size_t>(shape.head_dim),
                heads = static_cast<std::size_t>(shape.num_heads),
                kv_heads = static_cast<std::size_t>(shape.num_kv_heads), group = heads / kv_heads;

    [[nodiscard]] std::span<float> matrix(parameter_role role, std::int64_t layer) {
        auto const& list = model.list();
        for (std::size_t i = 0; i < list.tensors.size(); ++i)
            if (list.roles[i] == role && list.layers[i] == layer) return list.tensors[i].of(model.parameters());
        throw error{error_kind::usage, "start.structured", "the model's tensors are not named as the engine's",
                    "naming: llama"};
    }
    /// Rows of one head of queries, keys or values: [head_dim x d_model].
    [[nodiscard]] std::span<float> rows(parameter_role role, std::int64_t layer, std::size_t index) {
        return matrix(role, layer).subspan(index * head * width, head * width);
    }

    void noise();
    void look_back();
    void match(std::int64_t layer);
    void copy(std::int64_t layer);
};

inline void starting::noise() {
    auto const& list = model.list();
    double const branch = 1 / std::sqrt(2.0 * static_cast<double>(shape.num_layers));
    for (std::size_t i = 0; i < list.tensors.size(); ++i) {
        auto const values = list.tensors[i].of(model.parameters());
        auto const role = list.roles[i];
        if (role == parameter_role::norm) {
            std::ranges::fill(values, 1.0F);
            continue;
        }
        random_stream stream{seed, "start|" + list.tensors[i].name};
        double const plain = 1 / std::sqrt(static_cast<double>(list.tensors[i].columns));
        bool const out = role == parameter_role::attention_out || role == parameter_role::down;
        numeric::normal_draws(stream,
                              role == parameter_role::embedding ? how.embedding_std
                              : out                             ? plain * branch
                                                                : plain,
                              values);
    }
}

/// Rotary positions turn (c, 0) at s and (c cos(f d), -c sin(f d)) at t so that they agree best where s = t - d.
inline void starting::look_back() {
    constexpr std::array<double, 6> amplitudes{1, 1, 0.9, 0.8, 0.6, 0.4};
    std::vector<double> direction(width);
    random_stream stream{seed, "start|direction"};
    numeric::normal_draws<double>(stream, 1, direction);
    double length = 0;
    for (double x : direction) length += x * x;
    for (double& x : direction) x /= std::sqrt(length);
    auto const embedding = matrix(parameter_role::embedding, -1);
    double const shared = how.constant * std::sqrt(static_cast<double>(width));
    for (std::size_t i = 0; i < embedding.size(); ++i)
        embedding[i] += static_cast<float>(shared * direction[i % width]);
    auto const add = [&](std::span<float> to, std::size_t row, double by) {
        for (std::size_t i = 0; i < width; ++i) to[row * width + i] += static_cast<float>(by * direction[i]);
    };
    for (auto role : {parameter_role::query, parameter_role::key})
        for (float& w : matrix(role, 0)) w = static_cast<float>(w * how.look_back_noise);
    std::size_t const half = head / 2;
    for (std::size_t j = 0; j < std::min(half, amplitudes.size()); ++j) {
        double const f = std::pow(shape.rope_theta, -2.0 * static_cast<double>(j) / static_cast<double>(head)),
                     c = how.look_back * amplitudes[j];
        for (std::size_t h = 0; h < kv_heads; ++h) add(rows(parameter_role::key, 0, h), j, c);
        for (std::size_t h = 0; h < heads; ++h) {
            double const angle = f * static_cast<double>(h + 1);
            add(rows(parameter_role::query, 0, h), j, c * std::cos(angle));
            add(rows(parameter_role::query, 0, h), j + half, -c * std::sin(angle));
        }
    }
}

inline void starting::match(std::int64_t layer) {
    double const rest = std::sqrt(1 - how.matching * how.matching);
    for (std::size_t h = 0; h < heads; ++h) {
        auto const q = rows(parameter_role::query, layer, h), k = rows(parameter_role::key, layer, h / group);
        for (std::size_t i = 0; i < q.size(); ++i)
            q[i] = static_cast<float>(how.matching * static_cast<double>(k[i]) + rest * static_cast<double>(q[i]));
    }
}

/// Half of each head's output stays noise.
inline void starting::copy(std::int64_t layer) {
    auto const out = matrix(parameter_role::attention_out, layer);
    double const share = how.copying / static_cast<double>(group);
    for (std::size_t h = 0; h < heads; ++h) {
        auto const v = rows(parameter_role::value, layer, h / group);
        for (std::size_t row = 0; row < width; ++row)
            for (std::size_t k = 0; k < head; ++k) {
                float& w = out[row * heads * head + h * head + k];
                w = static_cast<float>(0.5 * static_cast<double>(w) + share * static_cast<double>(v[k * width + row]));
            }
    }
}

}  // namespace detail

KVT_DECL void structured_start::check() const {
    auto const range = [](char const* field, double value, double high) {
        if (!(value >= 0 && value <= high))
            throw error{error_kind::usage, std::string{"start.structured."} + field, shortest(value),
                        "0.." + shortest(high)};
    };
    range("embedding_std", embedding_std, 10), range("constant", constant, 10), range("look_back", look_back, 100);
    range("look_back_noise", look_back_noise, 10), range("matching", matching, 1), range("copying", copying, 10);
}

KVT_DECL void structured_start::operator()(decoder<float>& model, std::int64_t seed) const {
    check();
    detail::starting start{*this, model, seed};
    (void)start.matrix(parameter_role::query, 0);
    (void)start.matrix(parameter_role::value, 0);
    start.noise();
    if (constant > 0) start.look_back();
    for (std::int64_t layer = 1; layer < model.shape().num_layers; ++layer)
        if (matching > 0) start.match(layer);
    for (std::int64_t layer = 0; layer < model.shape().num_layers; ++layer)
        if (copying > 0) start.copy(layer);
}

}  // namespace kvt::inline KVT_ABI::scaling
