// smoothed_keys: keys quantized per channel over ranges that lean on those of the groups before (markov-smoothness 9 e).
#pragma once

#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/token_groups.hpp>

namespace kvt::inline KVT_ABI::quant {

/// `keys_per_channel` with every channel's ranges smoothed along the tokens before they are stored; values outside a
/// smoothed range are clipped. With `past` neighbours and the `mse` guard, as here by default, a group can be quantized
/// when its last token is there and no group of a channel has an error beyond the budget. A `token_quantizer`.
struct smoothed_keys {
    static constexpr std::string_view name = "smoothed_keys";
    std::int32_t bits = 2;
    std::int64_t group_tokens = 32;
    std::int64_t residual_tokens = 32;  ///< a positive multiple of `group_tokens`
    parameter_width parameters = parameter_width::full;
    kernel_smoothing smoothing{.neighbours = kernel_side::past};

    /// Throws what `keys_per_channel` and `kernel_smoothing` throw.
    void check() const;
    [[nodiscard]] std::int64_t quantized_tokens(std::int64_t tokens) const { return tokens - tokens % residual_tokens; }
    [[nodiscard]] token_groups reconstruct(std::span<float> tokens, std::size_t channels) const;
};
KVT_RECORD(smoothed_keys, bits, group_tokens, residual_tokens, parameters, smoothing);

static_assert(token_quantizer<smoothed_keys>);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/smoothed_keys.ipp>
#endif
