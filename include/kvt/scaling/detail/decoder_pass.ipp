#pragma once

#include <kvt/scaling/cross_entropy.hpp>
#include <kvt/scaling/decoder_pass.hpp>
#include <kvt/scaling/embedding.hpp>
#include <kvt/scaling/rms_norm.hpp>
#include <kvt/scaling/swiglu.hpp>
#include <kvt/scaling/unit_scaling.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling {

template <class Real> pass_factors<Real>::pass_factors(decoder_shape const& shape, std::size_t length) {
    logits = 1 / std::sqrt(static_cast<Real>(shape.head_dim));
    auto const& how = shape.scaling;
    if (how.rule == factor_rule::none) return;
    auto const root = [](std::int64_t fan_in) { return 1 / std::sqrt(static_cast<double>(fan_in)); };
    into = static_cast<Real>(root(shape.d_model));
    mixed = static_cast<Real>(root(shape.query_width()) *
                              causal_attention_scale(static_cast<std::int64_t>(length), shape.head_dim, how.attention));
    narrow = static_cast<Real>(root(shape.d_ff) * gated_silu_scale(1));
    head = static_cast<Real>(1 / static_cast<double>(shape.d_model));
    logits = static_cast<Real>(how.attention / static_cast<double>(shape.head_dim));
    for (double const tau : residual_weights(shape.num_layers, how.residual, how.residual_attention)) {
        double const past = 1 / std::sqrt(1 + tau * tau);
        keep.push_back(static_cast<Real>(past)), weight.push_back(static_cast<Real>(tau * past));
    }
}

template <class Real>
void decoder_pass<Real>::join(std::int64_t layer, std::size_t branch, linear<Real> const& back,
                              std::span<Real const> weights, std::span<Real const> from, std::span<Real const> x,
                              std::span<Real> out) {
    if (plain_branches()) {
        std::copy(x.begin(), x.end(), out.begin());
        return back.forward(from, weights, out, writing::add);
    }
    auto const said = detail::room(branch_, out.size());
    back.forward(from, weights, said);
    if (drop_.active()) branch_dropped(layer, branch).apply(said, 0);
    Real const past = keep(layer, branch), by = weight(layer, branch);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = past * x[i] + by * said[i];
}

template <class Real> std::span<Real const> decoder_pass<Real>::split(std::int64_t layer, std::size_t branch) {
    std::span<Real> const d_residual{d_residual_.data(), tokens() * width()};
    if (plain_branches()) return d_residual;
    auto const d_said = detail::room(branch_, d_residual.size());
    Real const past = keep(layer, branch), by = weight(layer, branch);
    for (std::size_t i = 0; i < d_said.size(); ++i) d_said[i] = by * d_residual[i], d_residual[i] *= past;
    if (drop_.active()) branch_dropped(layer, branch).apply(d_said, 0);
    return d_said;
}

template <class Real>
void decoder_pass<Real>::forward(std::span<Real const> parameters, std::span<std::int32_t const> ids,
                                 std::size_t length, rotary<Real> const& positions, dropout const& drop) {
    drop_ = drop;
    if (length != length_) factors_ = pass_factors<Real>{shape_, length};
    ids_.assign(ids.begin(), ids.end());
    length_ = length;
    layers_.resize(static_cast<std::size_t>(shape_.num_layers));
    std::size_t const size = tokens() * width();
    embedding<Real>{width()}.forward(ids, parameters.subspan(place(parameter_role::embedding, -1)),
                                     detail::room(layers_.front().input, size));
    for (std::int64_t layer = 0; layer < shape_.num_layers; ++layer) {
        forward_attention(layer, parameters, positions);
        auto const next = static_cast<std::size_t>(layer) + 1;
        forward_hidden(layer, parameters, detail::room(next < layers_.size() ? layers_[next].input : output_, size));
    }
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.forward(
        output(), parameters.subspan(place(parameter_role::norm, -1), width()), detail::room(final_norm_, size),
        detail::room(final_scales_, tokens()));
}

template <class Real>
void decoder_pass<Real>::forward_attention(std::int64_t layer, std::span<Real const> parameters,
                                           rotary<Real> const& positions) {
    auto& kept = layers_[static_cast<std::size_t>(layer)];
    auto const mix = attention();
    std::size_t const size = tokens() * width();
    std::span<Real const> const input{kept.input.data(), size};
    auto const norm = detail::room(kept.norm1, size);
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.forward(
        input, parameters.subspan(place(parameter_role::norm, layer, 0), width()), norm,
        detail::room(kept.scales1, tokens()));
    auto const qkv = detail::room(kept.qkv, tokens() * mix.qkv_width());
    linear<Real>{width(), mix.qkv_width(), factors_.into}.forward(
        norm, parameters.subspan(place(parameter_role::query, layer)), qkv);
    auto const mixed = detail::room(kept.mixed, tokens() * mix.out_width());
    auto const log_sums = detail::room(kept.log_sums, tokens() * mix.heads);
    for (std::size_t t = 0; t < tokens(); t += length_) {
        auto const rows = qkv.subspan(t * mix.qkv_width(), length_ * mix.qkv_width());
        positions.forward(rows, mix.qkv_width(), turning());
        mix.forward(rows, mixed.subspan(t * mix.out_width(), length_ * mix.out_width()),
                    log_sums.subspan(t * mix.heads, length_ * mix.heads), scratch_, weights_dropped(layer, t));
    }
    join(layer, 0, {mix.out_width(), width(), factors_.mixed},
         parameters.subspan(place(parameter_role::attention_out, layer)), mixed, input,
         detail::room(kept.middle, size));
}

template <class Real>
void decoder_pass<Real>::forward_hidden(std::int64_t layer, std::span<Real const> parameters, std::span<Real> out) {
    auto& kept = layers_[static_cast<std::size_t>(layer)];
    std::span<Real const> const middle{kept.middle.data(), out.size()};
    auto const norm = detail::room(kept.norm2, out.size());
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.forward(
        middle, parameters.subspan(place(parameter_role::norm, layer, 1), width()), norm,
        detail::room(kept.scales2, tokens()));
    auto const gate = detail::room(kept.gate, tokens() * hidden()), up = detail::room(kept.up, gate.size());
    auto const activated = detail::room(kept.activated, gate.size());
    linear<Real> const widen{width(), hidden(), factors_.into};
    widen.forward(norm, parameters.subspan(place(parameter_role::gate, layer)), gate);
    widen.forward(norm, parameters.subspan(place(parameter_role::up, layer)), up);
    swiglu<Real>{}.forward(gate, up, activated);
    join(layer, 1, {hidden(), width(), factors_.narrow}, parameters.subspan(place(parameter_role::down, layer)),
         activated, middle, out);
}

template <class Real> std::size_t decoder_pass<Real>::head_rows() const {
    constexpr std::size_t numbers = std::size_t{1} << 18;
    return std::clamp<std::size_t>(numbers / vocabulary() / 12 * 12, 48, 960);
}

template <class Real> void decoder_pass<Real>::logits(std::span<Real const> parameters, std::span<Real> out) const {
    linear<Real>{width(), vocabulary(), factors_.head}.forward(final_norm(), parameters.subspan(head_place()), out);
}

template <class Real>
double decoder_pass<Real>::head(std::span<Real const> parameters, loss_rows const& rows, std::span<Real> gradients) {
    linear<Real> const to_logits{width(), vocabulary(), factors_.head};
    cross_entropy<Real> const judge{vocabulary()};
    auto const weights = parameters.subspan(head_place());
    auto const d_final = detail::room(d_norm_, tokens() * width());
    double sum = 0;
    for (std::size_t first = 0; first < tokens(); first += head_rows()) {
        std::size_t const count = std::min(head_rows(), tokens() - first);
        auto const x = final_norm().subspan(first * width(), count * width());
        auto const scores = detail::room(logits_, count * vocabulary());
        loss_rows const part{rows.targets.subspan(first, count), rows.weights.subspan(first, count),
                             rows.losses.subspan(first, count), rows.hits.subspan(first, count)};
        to_logits.forward(x, weights, scores);
        if (gradients.empty()) {
            sum += judge.forward(scores, part.targets, part.weights, part.losses, part.hits);
            continue;
        }
        sum += judge.backward(scores, part.targets, part.weights, part.losses, part.hits);
        to_logits.backward_input(scores, weights, d_final.subspan(first * width(), count * width()));
        to_logits.backward_weight(scores, x, gradients.subspan(head_place()));
    }
    return sum;
}

template <class Real> double decoder_pass<Real>::loss(std::span<Real const> parameters, loss_rows const& rows) {
    return head(parameters, rows, {});
}

template <class Real>
double decoder_pass<Real>::backward(std::span<Real const> parameters, loss_rows const& rows,
                                    rotary<Real> const& positions, std::span<Real> gradients) {
    double const sum = head(parameters, rows, gradients);
    std::size_t const size = tokens() * width(), norm = place(parameter_role::norm, -1);
    auto const d_residual = detail::room(d_residual_, size);
    std::fill(d_residual.begin(), d_residual.end(), Real{0});
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.backward(
        std::span<Real const>{d_norm_.data(), size}, output(), parameters.subspan(norm, width()),
        std::span<Real const>{final_scales_.data(), tokens()}, d_residual, gradients.subspan(norm, width()));
    for (std::int64_t layer = shape_.num_layers; layer-- > 0;) {
        backward_hidden(layer, parameters, gradients);
        backward_attention(layer, parameters, positions, gradients);
    }
    embedding<Real>{width()}.backward(ids_, d_residual, gradients.subspan(place(parameter_role::embedding, -1)));
    return sum;
}

template <class Real>
void decoder_pass<Real>::backward_hidden(std::int64_t layer, std::span<Real const> parameters,
                                         std::span<Real> gradients) {
    auto& kept = layers_[static_cast<std::size_t>(layer)];
    std::size_t const size = tokens() * width(), inner = tokens() * hidden();
    std::span<Real> const d_residual{d_residual_.data(), size}, gate{kept.gate.data(), inner},
        up{kept.up.data(), inner};
    auto const d_hidden = detail::room(d_hidden_, inner), d_norm = detail::room(d_norm_, size);
    linear<Real> const widen{width(), hidden(), factors_.into}, narrow{hidden(), width(), factors_.narrow};
    std::size_t const down_at = place(parameter_role::down, layer), gate_at = place(parameter_role::gate, layer),
                      up_at = place(parameter_role::up, layer), norm_at = place(parameter_role::norm, layer, 1);
    auto const d_said = split(layer, 1);
    narrow.backward_input(d_said, parameters.subspan(down_at), d_hidden);
    narrow.backward_weight(d_said, std::span<Real const>{kept.activated.data(), inner}, gradients.subspan(down_at));
    swiglu<Real>{}.backward(d_hidden, gate, up);
    std::span<Real const> const norm{kept.norm2.data(), size};
    widen.backward_weight(gate, norm, gradients.subspan(gate_at));
    widen.backward_weight(up, norm, gradients.subspan(up_at));
    widen.backward_input(gate, parameters.subspan(gate_at), d_norm);
    widen.backward_input(up, parameters.subspan(up_at), d_norm, writing::add);
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.backward(
        d_norm, std::span<Real const>{kept.middle.data(), size}, parameters.subspan(norm_at, width()),
        std::span<Real const>{kept.scales2.data(), tokens()}, d_residual, gradients.subspan(norm_at, width()));
}

template <class Real>
void decoder_pass<Real>::backward_attention(std::int64_t layer, std::span<Real const> parameters,
                                            rotary<Real> const& positions, std::span<Real> gradients) {
    auto& kept = layers_[static_cast<std::size_t>(layer)];
    auto const mix = attention();
    std::size_t const size = tokens() * width(), wide = mix.qkv_width(), out = mix.out_width();
    std::span<Real> const d_residual{d_residual_.data(), size};
    auto const d_mixed = detail::room(d_hidden_, tokens() * out), d_qkv = detail::room(d_qkv_, tokens() * wide);
    auto const d_norm = detail::room(d_norm_, size);
    linear<Real> const into{width(), wide, factors_.into}, back{out, width(), factors_.mixed};
    std::size_t const out_at = place(parameter_role::attention_out, layer),
                      qkv_at = place(parameter_role::query, layer), norm_at = place(parameter_role::norm, layer, 0);
    std::span<Real const> const mixed{kept.mixed.data(), tokens() * out}, qkv{kept.qkv.data(), tokens() * wide},
        log_sums{kept.log_sums.data(), tokens() * mix.heads}, norm{kept.norm1.data(), size};
    auto const d_said = split(layer, 0);
    back.backward_input(d_said, parameters.subspan(out_at), d_mixed);
    back.backward_weight(d_said, mixed, gradients.subspan(out_at));
    for (std::size_t t = 0; t < tokens(); t += length_) {
        auto const d_rows = d_qkv.subspan(t * wide, length_ * wide);
        mix.backward(qkv.subspan(t * wide, length_ * wide), mixed.subspan(t * out, length_ * out),
                     log_sums.subspan(t * mix.heads, length_ * mix.heads), d_mixed.subspan(t * out, length_ * out),
                     d_rows, scratch_, weights_dropped(layer, t));
        positions.backward(d_rows, wide, turning());
    }
    into.backward_weight(d_qkv, norm, gradients.subspan(qkv_at));
    into.backward_input(d_qkv, parameters.subspan(qkv_at), d_norm);
    rms_norm<Real>{width(), static_cast<Real>(shape_.norm_eps)}.backward(
        d_norm, std::span<Real const>{kept.input.data(), size}, parameters.subspan(norm_at, width()),
        std::span<Real const>{kept.scales1.data(), tokens()}, d_residual, gradients.subspan(norm_at, width()));
}

#if defined(KVT_SEPARATE_COMPILATION)
template struct pass_factors<float>;
template struct pass_factors<double>;
template class decoder_pass<float>;
template class decoder_pass<double>;
#endif

}  // namespace kvt::inline KVT_ABI::scaling
