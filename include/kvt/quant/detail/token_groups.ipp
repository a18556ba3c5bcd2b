// Definitions of quant/token_groups.hpp.
#pragma once

#include <kvt/quant/token_groups.hpp>
#include <kvt/quant/value_scan.hpp>
#include <kvt/tensor/half.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Which way a parameter is rounded.
enum class toward : std::uint8_t { below, above };

/// The nearest binary16 that does not lie on the other side of `value`.
KVT_DECL double rounded_to_half(double value, toward side) {
    auto const step = [](std::uint16_t half, bool up) -> std::uint16_t {
        bool const negative = (half & 0x8000U) != 0;
        if ((half & 0x7FFFU) == 0) return up ? 0x0001U : 0x8001U;
        return static_cast<std::uint16_t>(negative == up ? half - 1 : half + 1);
    };
    auto half = tensor::to_f16(static_cast<float>(value));
    if (side == toward::below && tensor::from_f16(half) > value) half = step(half, false);
    if (side == toward::above && tensor::from_f16(half) < value) half = step(half, true);
    return tensor::from_f16(half);
}

KVT_DECL double rounded(double value, parameter_width width, toward side) {
    if (width == parameter_width::full) return value;
    if (width == parameter_width::half) return rounded_to_half(value, side);
    auto single = static_cast<float>(value);
    float const far = std::numeric_limits<float>::infinity();
    if (side == toward::below && single > value) single = std::nextafter(single, -far);
    if (side == toward::above && single < value) single = std::nextafter(single, far);
    return single;
}

KVT_DECL void check_group(std::int64_t size, char const* where) {
    if (size <= 0) throw quant_error{fault::invalid_group_size, where, std::to_string(size), "1 or more"};
}

/// How many tokens there are; throws where values are missing or not finite.
KVT_DECL std::int64_t count_tokens(std::span<float const> tokens, std::size_t channels) {
    if (channels == 0 || tokens.size() % channels != 0)
        throw quant_error{fault::length_mismatch, "tokens",
                          std::to_string(tokens.size()) + " values for " + std::to_string(channels) + " channels",
                          "as many for every token"};
    if (auto const bad = first_not_finite(tokens); bad < tokens.size())
        throw quant_error{fault::non_finite_input,
                          "token " + std::to_string(bad / channels) + ", channel " + std::to_string(bad % channels),
                          std::isnan(tokens[bad]) ? "NaN" : "infinity", "a finite value"};
    return static_cast<std::int64_t>(tokens.size() / channels);
}

/// Replaces a value; its squared error.
KVT_DECL double replace(float& x, affine const& by, std::int32_t top) {
    auto const back = static_cast<float>(by.decode(by.encode(x, top)));
    double const error = static_cast<double>(back) - x;
    x = back;
    return error * error;
}

KVT_DECL void finish(token_groups& out, double squares, std::int32_t bits, parameter_width width,
                     std::size_t channels) {
    double const elements = static_cast<double>(out.quantized_tokens) * static_cast<double>(channels);
    if (elements == 0) return;
    out.mse = squares / elements;
    out.bits_per_element =
        bits + 2 * static_cast<double>(bits_of(width)) * static_cast<double>(out.parameters.size()) / elements;
}

}  // namespace detail

KVT_DECL affine stored_affine(value_range r, std::int32_t bits, parameter_width width) {
    if (width == parameter_width::full) return affine::over(r, bits);
    r.lo = detail::rounded(r.lo, width, detail::toward::below);
    affine out = affine::over(r, bits);
    out.scale = detail::rounded(out.scale, width, detail::toward::above);
    if (!std::isfinite(out.scale) || !std::isfinite(out.offset))
        throw quant_error{fault::invalid_scale, "parameters",
                          "the range does not fit into " + std::to_string(bits_of(width)) + " bits", "a greater width"};
    return out;
}

KVT_DECL token_groups channel_groups(std::span<float const> tokens, std::size_t channels,
                                     std::span<std::size_t const> bounds, std::int32_t bits, parameter_width width) {
    check_bits(bits);
    token_groups out{.tokens = detail::count_tokens(tokens, channels), .columns = static_cast<std::int64_t>(channels)};
    for (std::size_t g = 0; g + 1 < bounds.size(); ++g) {
        if (bounds[g] >= bounds[g + 1] || bounds[g + 1] * channels > tokens.size())
            throw quant_error{fault::invalid_time_range, "group " + std::to_string(g),
                              std::to_string(bounds[g]) + " to " + std::to_string(bounds[g + 1]),
                              "a start before its end, inside the tokens"};
        auto const rows = tokens.subspan(bounds[g] * channels, (bounds[g + 1] - bounds[g]) * channels);
        for (auto const& r : column_ranges(rows, channels)) out.parameters.push_back(stored_affine(r, bits, width));
    }
    return out;
}

KVT_DECL void keys_per_channel::check() const {
    check_bits(bits);
    detail::check_group(group_tokens, "group_tokens");
    if (residual_tokens <= 0 || residual_tokens % group_tokens != 0)
        throw quant_error{fault::invalid_residual, "residual_tokens", std::to_string(residual_tokens),
                          "a positive multiple of group_tokens (" + std::to_string(group_tokens) + ")"};
}

KVT_DECL token_groups keys_per_channel::reconstruct(std::span<float> tokens, std::size_t channels) const {
    check();
    auto const count = detail::count_tokens(tokens, channels);
    auto const quantized = quantized_tokens(count);
    std::vector<std::size_t> bounds;
    for (std::int64_t t = 0; t <= quantized; t += group_tokens) bounds.push_back(static_cast<std::size_t>(t));
    auto out = channel_groups(tokens, channels, bounds, bits, parameters);
    out.quantized_tokens = quantized, out.tokens_per_row = group_tokens;
    double squares = 0;
    float* row = tokens.data();
    for (std::int64_t t = 0; t < quantized; ++t, row += channels)
        for (std::size_t d = 0; d < channels; ++d)
            squares += detail::replace(row[d], out.at(t / group_tokens, static_cast<std::int64_t>(d)), top_code(bits));
    detail::finish(out, squares, bits, parameters, channels);
    return out;
}

KVT_DECL void values_per_token::check() const {
    check_bits(bits);
    detail::check_group(group_channels, "group_channels");
    if (residual_tokens < 0)
        throw quant_error{fault::invalid_residual, "residual_tokens", std::to_string(residual_tokens), "0 or more"};
}

KVT_DECL token_groups values_per_token::reconstruct(std::span<float> tokens, std::size_t channels) const {
    check();
    auto const count = detail::count_tokens(tokens, channels);
    auto const run = static_cast<std::size_t>(group_channels);
    token_groups out{.tokens = count,
                     .quantized_tokens = quantized_tokens(count),
                     .columns = static_cast<std::int64_t>((channels + run - 1) / run)};
    auto const runs = [&](auto&& each) {
        for (std::size_t t = 0; t < static_cast<std::size_t>(out.quantized_tokens); ++t)
            for (std::size_t from = 0; from < channels; from += run)
                each(tokens.subspan(t * channels + from, std::min(run, channels - from)));
    };
    runs([&](std::span<float const> part) {
        out.parameters.push_back(stored_affine(scan(part).range(), bits, parameters));
    });
    double squares = 0;
    auto next = out.parameters.begin();
    runs([&](std::span<float> part) {
        for (float& x : part) squares += detail::replace(x, *next, top_code(bits));
        ++next;
    });
    detail::finish(out, squares, bits, parameters, channels);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
