// Definitions of quant/smoothed_keys.hpp.
#pragma once

#include <kvt/quant/detail/token_groups.ipp>
#include <kvt/quant/smoothed_keys.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL void smoothed_keys::check() const {
    keys_per_channel{bits, group_tokens, residual_tokens, parameters}.check();
    smoothing.check();
}

KVT_DECL token_groups smoothed_keys::reconstruct(std::span<float> tokens, std::size_t channels) const {
    check();
    auto const count = detail::count_tokens(tokens, channels);
    auto const quantized = static_cast<std::size_t>(quantized_tokens(count));
    token_groups out{.tokens = count,
                     .quantized_tokens = static_cast<std::int64_t>(quantized),
                     .tokens_per_row = group_tokens,
                     .columns = static_cast<std::int64_t>(channels)};
    if (quantized == 0) return out;
    auto const each = static_cast<std::size_t>(group_tokens), rows = quantized / each;
    std::vector<std::size_t> bounds;
    for (std::size_t r = 0; r <= rows; ++r) bounds.push_back(r * each);
    out.parameters.resize(rows * channels);
    std::vector<float> values(quantized);
    double squares = 0;
    for (std::size_t d = 0; d < channels; ++d) {
        for (std::size_t t = 0; t < quantized; ++t) values[t] = tokens[t * channels + d];
        grouped_values const channel{values, bounds, bits, static_cast<std::int32_t>(bits_of(parameters) / 8)};
        auto const found = smoothing(channel, min_max(channel));
        for (std::size_t r = 0; r < rows; ++r) out.parameters[r * channels + d] = channel.parameters(found.ranges[r]);
        for (std::size_t t = 0; t < quantized; ++t)
            squares +=
                detail::replace(tokens[t * channels + d], out.parameters[t / each * channels + d], top_code(bits));
    }
    detail::finish(out, squares, bits, parameters, channels);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
