// Golden cases of KV caches quantized over token groups (markov-smoothness 9).
#include "replay.hpp"

#include <kvt/quant/token_smoothness.hpp>

namespace {

namespace quant = kvt::quant;
using kvt::json;

json numbers(quant::token_groups const& groups, double quant::affine::*which) {
    json rows{json::array{}};
    for (std::int64_t r = 0; r < groups.rows(); ++r) {
        json row{json::array{}};
        for (std::int64_t c = 0; c < groups.columns; ++c) row.push_back(groups.at(r, c).*which);
        rows.push_back(std::move(row));
    }
    return rows;
}

template <quant::token_quantizer Q> json found(json const& c, Q const& quantizer, bool per_channel) {
    std::vector<float> tokens;
    auto const& rows = c.at("input").at("tokens").items();
    std::size_t const channels = rows.front().size();
    for (auto const& row : rows)
        for (auto const& v : row.items()) tokens.push_back(static_cast<float>(v.real()));
    try {
        auto const groups = quantizer.reconstruct(tokens, channels);
        auto const smooth = quant::smoothness_of(groups, quantizer.bits);
        json dequantized{json::array{}};
        for (std::size_t t = 0; t < rows.size(); ++t) {
            json row{json::array{}};
            for (std::size_t d = 0; d < channels; ++d) row.push_back(tokens[t * channels + d]);
            dequantized.push_back(std::move(row));
        }
        auto out = json::of({{"quantized_tokens", groups.quantized_tokens},
                             {"scale", numbers(groups, &quant::affine::scale)},
                             {"offset", numbers(groups, &quant::affine::offset)},
                             {"dequantized", std::move(dequantized)},
                             {"mse", groups.mse},
                             {"smoothness_bounded", smooth.score}});
        if (per_channel) {
            json each{json::array{}};
            for (double const s : smooth.columns) each.push_back(s);
            out["smoothness_bounded_per_channel"] = std::move(each);
        }
        return out;
    } catch (quant::quant_error const& refused) {
        return json::of({{"error", kvt::name_of(refused.code())}});
    }
}

golden::verdict kv_case(json const& c, golden::file const&) {
    auto const& op = c.at("op").text();
    auto const& how = c.at("options");
    auto const bits = static_cast<std::int32_t>(how.at("bits").integer());
    auto const residual = how.at("residual_tokens").integer();
    json got;
    if (op == "kv_keys_per_channel")
        got = found(c, quant::keys_per_channel{bits, how.at("group_tokens").integer(), residual}, true);
    else if (op == "kv_values_per_token")
        got = found(c, quant::values_per_token{bits, how.at("group_channels").integer(), residual}, false);
    else return golden::verdict::fail("unknown op " + op);
    auto const& allowed = c.at("tolerance");
    return golden::same(c.at("expected"), got, allowed.at("rel").real(), allowed.at("abs").real());
}

golden::suite const kv{"markov.kv", "cases", kv_case};

}  // namespace
