// Small decoders with random parameters and batches for them.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/scaling/decoder.hpp>

#include <support/random_batch.hpp>

namespace small_decoder {

/// d 16, two layers, shared keys and values, a tied head: what the engine's model is like.
inline kvt::scaling::decoder_shape tied() {
    return {.vocab_size = 23,
            .d_model = 16,
            .num_layers = 2,
            .num_heads = 4,
            .num_kv_heads = 2,
            .head_dim = 6,
            .d_ff = 20,
            .rope_theta = 1e5,
            .norm_eps = 1e-5,
            .tied_head = true,
            .naming = kvt::scaling::parameter_naming::llama};
}
/// The pipeline's GPT.
inline kvt::scaling::decoder_shape gpt() { return kvt::scaling::gpt_shape(19, 12, 2, 2, 20); }

template <class Real> void randomise(kvt::scaling::decoder<Real>& model, double size = 0.4) {
    kvt::random_stream stream{3, "parameters"};
    for (auto& p : model.parameters()) p = static_cast<Real>(size * (2 * stream.unit() - 1));
}

inline kvt::scaling::token_batch batch(std::int64_t vocab, std::size_t sequences, std::size_t length) {
    return random_batch::of(vocab, sequences, length);
}

}  // namespace small_decoder
