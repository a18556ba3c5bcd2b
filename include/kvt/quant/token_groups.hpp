// token_groups: keys quantized per channel and values per token, as KV caches are (markov-smoothness 9).
#pragma once

#include <kvt/quant/affine.hpp>

#include <concepts>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// What became of one head's keys or values: the parameters, row after row, and the error. Keys have a row for each group
/// of tokens and a column for each channel; values a row for each token and a column for each run of channels.
struct token_groups {
    std::int64_t tokens = 0;            ///< all of them
    std::int64_t quantized_tokens = 0;  ///< the leading ones; what follows is the residual, which stays as it is
    std::int64_t tokens_per_row = 1;
    std::int64_t columns = 0;
    std::vector<affine> parameters{};
    double mse = 0;               ///< over the quantized tokens; 0 where there are none
    double bits_per_element = 0;  ///< codes and parameters, over the quantized tokens; 0 where there are none

    [[nodiscard]] std::int64_t rows() const {
        return columns == 0 ? 0 : static_cast<std::int64_t>(parameters.size()) / columns;
    }
    [[nodiscard]] affine const& at(std::int64_t row, std::int64_t column) const {
        return parameters[static_cast<std::size_t>(row * columns + column)];
    }
};
KVT_RECORD(token_groups, tokens, quantized_tokens, tokens_per_row, columns, parameters, mse, bits_per_element);

/// The bits of a stored scale or offset: binary16, binary32 or binary64.
enum class parameter_width : std::uint8_t { half, single, full };
KVT_CHOICE(parameter_width, "16", "32", "64");
[[nodiscard]] constexpr std::int64_t bits_of(parameter_width w) {
    return w == parameter_width::half ? 16 : w == parameter_width::single ? 32 : 64;
}

/// `affine::over` with parameters that the width can hold: the offset rounded down and the scale up, so that the codes
/// still cover the range and no value is off by more than half a scale. Throws `invalid_scale` where the range is too wide
/// for the width.
[[nodiscard]] affine stored_affine(value_range r, std::int32_t bits, parameter_width width);

/// Replaces values by what their codes stand for. `tokens` holds `channels` floats for each token, token after token (the
/// rows of one layer and head). Throws `quant_error` naming the parameter or the value that is wrong; nothing has changed
/// then. Satisfied by `keys_per_channel` and `values_per_token`.
template <class Q>
concept token_quantizer = record<Q> && requires(Q const& q, std::span<float> tokens, std::size_t channels) {
    { Q::name } -> std::convertible_to<std::string_view>;
    { q.bits } -> std::convertible_to<std::int32_t>;
    { q.quantized_tokens(std::int64_t{}) } -> std::same_as<std::int64_t>;
    { q.reconstruct(tokens, channels) } -> std::same_as<token_groups>;
};

/// Keys: each channel of `group_tokens` consecutive tokens shares a scale and an offset, because a few channels of keys
/// are persistently large (KIVI, arXiv 2402.02750). The last T mod `residual_tokens` tokens stay as they are.
struct keys_per_channel {
    static constexpr std::string_view name = "keys_per_channel";
    std::int32_t bits = 2;
    std::int64_t group_tokens = 32;
    std::int64_t residual_tokens = 32;  ///< a positive multiple of `group_tokens`
    parameter_width parameters = parameter_width::full;

    void check() const;
    [[nodiscard]] std::int64_t quantized_tokens(std::int64_t tokens) const { return tokens - tokens % residual_tokens; }
    [[nodiscard]] token_groups reconstruct(std::span<float> tokens, std::size_t channels) const;
};
KVT_RECORD(keys_per_channel, bits, group_tokens, residual_tokens, parameters);

/// Values: each run of `group_channels` channels of one token shares a scale and an offset, because attention mixes tokens
/// and keeps the error of each its own. The last `residual_tokens` tokens stay as they are; the last run may be shorter.
struct values_per_token {
    static constexpr std::string_view name = "values_per_token";
    std::int32_t bits = 2;
    std::int64_t group_channels = 32;
    std::int64_t residual_tokens = 32;  ///< 0: none
    parameter_width parameters = parameter_width::full;

    void check() const;
    [[nodiscard]] std::int64_t quantized_tokens(std::int64_t tokens) const {
        return tokens > residual_tokens ? tokens - residual_tokens : 0;
    }
    [[nodiscard]] token_groups reconstruct(std::span<float> tokens, std::size_t channels) const;
};
KVT_RECORD(values_per_token, bits, group_channels, residual_tokens, parameters);

static_assert(token_quantizer<keys_per_channel> && token_quantizer<values_per_token>);

/// Parameters of groups of any lengths: group k holds the tokens `bounds[k] .. bounds[k + 1] - 1`, none is empty. One row for
/// each group, one column for each channel; nothing is replaced. What `keys_per_channel` uses, and what is left to ask of a
/// cache whose tokens have been evicted.
[[nodiscard]] token_groups channel_groups(std::span<float const> tokens, std::size_t channels,
                                          std::span<std::size_t const> bounds, std::int32_t bits,
                                          parameter_width width = parameter_width::full);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/token_groups.ipp>
#endif
