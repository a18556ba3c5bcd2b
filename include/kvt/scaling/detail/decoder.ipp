#pragma once

#include <kvt/core/error.hpp>
#include <kvt/exec/reduce.hpp>
#include <kvt/scaling/decoder.hpp>

#include <algorithm>
#include <string>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline constexpr exec::inline_executor one_thread{};

}  // namespace detail

template <class Real>
decoder<Real>::decoder(decoder_shape shape)
    : shape_{shape}, list_{std::make_unique<parameter_list>(shape)}, parameters_(static_cast<std::size_t>(list_->size)),
      gradients_(static_cast<std::size_t>(list_->size)),
      positions_{static_cast<std::size_t>(shape.head_dim), shape.rope_theta}, executor_{detail::one_thread} {}

template <class Real> void decoder<Real>::reserve(std::size_t shards, std::size_t length) {
    positions_.reach(length);
    while (shards_.size() < shards) shards_.push_back({decoder_pass<Real>{shape_, *list_}});
}

template <class Real> double decoder<Real>::run(token_batch const& b, way w) {
    weights_ = checked_weights(b, shape_.vocab_size);
    losses_.resize(b.ids.size()), hits_.resize(b.ids.size());
    std::size_t const each = std::max<std::size_t>(1, shard_tokens / b.length) * b.length;
    std::size_t const count = (b.ids.size() + each - 1) / each;
    reserve(count, b.length);
    executor_.parallel_for(count, [&](std::size_t i) {
        auto& s = shards_[i];
        std::size_t const first = i * each, size = std::min(each, b.ids.size() - first);
        loss_rows const rows{std::span{b.targets}.subspan(first, size), std::span{weights_}.subspan(first, size),
                             std::span{losses_}.subspan(first, size), std::span{hits_}.subspan(first, size)};
        dropout const drop{w == way::both ? shape_.dropout : 0.0, drop_key_};
        s.pass.forward(parameters_, std::span{b.ids}.subspan(first, size), b.length, positions_, drop.at(i));
        if (w == way::forward) {
            s.loss = s.pass.loss(parameters_, rows);
            return;
        }
        if (i > 0) s.gradients.assign(gradients_.size(), Real{0});
        s.loss = s.pass.backward(parameters_, rows, positions_, i == 0 ? gradients_ : s.gradients);
    });
    if (w == way::both) add_gradients(count);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += shards_[i].loss;
    return sum;
}

template <class Real> void decoder<Real>::add_gradients(std::size_t shards) {
    constexpr std::size_t block = 16384;
    auto const& kernels = layer_kernels_of<Real>();
    exec::parallel_blocks(executor_, gradients_.size(), block, [&](std::size_t begin, std::size_t end) {
        auto const of = [&](std::size_t i) { return (i == 0 ? gradients_ : shards_[i].gradients).data() + begin; };
        for (std::size_t apart = 1; apart < shards; apart *= 2)
            for (std::size_t i = 0; i + apart < shards; i += 2 * apart) kernels.add(of(i + apart), end - begin, of(i));
    });
}

template <class Real> double decoder<Real>::loss(token_batch const& b) { return run(b, way::forward); }
template <class Real> double decoder<Real>::loss_and_gradients(token_batch const& b) { return run(b, way::both); }

template <class Real>
decoder_pass<Real> const& decoder<Real>::look(std::span<std::int32_t const> ids, std::size_t length) {
    token_batch const b{
        .length = length, .ids = {ids.begin(), ids.end()}, .targets = std::vector<std::int32_t>(ids.size(), 0)};
    (void)checked_weights(b, shape_.vocab_size);
    reserve(1, length);
    shards_.front().pass.forward(parameters_, ids, length, positions_);
    return shards_.front().pass;
}

template <class Real> std::vector<Real> decoder<Real>::logits(std::span<std::int32_t const> ids, std::size_t length) {
    std::vector<Real> out(ids.size() * static_cast<std::size_t>(shape_.vocab_size));
    look(ids, length).logits(parameters_, out);
    return out;
}

#if defined(KVT_SEPARATE_COMPILATION)
template class decoder<float>;
template class decoder<double>;
#endif

}  // namespace kvt::inline KVT_ABI::scaling
