// Definitions of quant/group_error.hpp.
#pragma once

#include <kvt/quant/detail/code_bytes.ipp>
#include <kvt/quant/group_error.hpp>

#include <algorithm>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// One candidate's sums under way.
struct candidate {
    coding_rule rule;
    candidate_lanes lanes{};
    double noise = 0, codes = 0, squares = 0;

    candidate(affine const& a, std::int32_t bits) : rule{coding_rule::of(a, code_grid::unsigned_codes(bits))} {}
    /// At the places where `group_sums` does.
    void end_piece() {
        noise += error_lanes::joined(lanes.noise);
        codes += error_lanes::joined(lanes.codes);
        squares += error_lanes::joined(lanes.squares);
        lanes = {};
    }
    [[nodiscard]] group_error result(double count) const {
        group_error out{.count = count, .squares = noise};
        if (count == 0) return out;
        double const mean = codes / count, scale = rule.parameters.scale;
        out.mean = rule.parameters.offset + scale * mean;
        out.variance = scale * scale * std::max(0.0, squares / count - mean * mean);
        return out;
    }
};

}  // namespace detail

KVT_DECL std::vector<group_error> errors_of(std::span<float const> values, std::span<value_range const> ranges,
                                            std::int32_t bits, instruction_set set) {
    check_bits(bits);
    std::vector<affine> parameters;
    for (auto const r : ranges) parameters.push_back(affine::over(r, bits));
    return errors_of(values, parameters, bits, set);
}

KVT_DECL std::vector<group_error> errors_of(std::span<float const> values, std::span<affine const> parameters,
                                            std::int32_t bits, instruction_set set) {
    check_usable(set);
    auto const& kernels = detail::kernels_for(set);
    std::vector<detail::candidate> candidates;
    for (auto const& a : parameters) candidates.emplace_back(a, bits);
    alignas(64) std::uint8_t codes[detail::code_block];
    for (std::size_t at = 0; at < values.size(); at += detail::code_block) {
        auto const part = values.subspan(at, std::min(detail::code_block, values.size() - at));
        auto const end = at + part.size();
        for (auto& c : candidates) {
            (void)kernels.code_only(part.data(), part.size(), c.rule, codes);
            kernels.judge(part.data(), codes, part.size(), c.rule, c.lanes);
            if (end % sum_piece == 0 || end == values.size()) c.end_piece();
        }
    }
    std::vector<group_error> out;
    for (auto const& c : candidates) out.push_back(c.result(static_cast<double>(values.size())));
    return out;
}

KVT_DECL std::vector<group_error> errors_of(std::span<double const> points, std::span<double const> weights,
                                            std::span<value_range const> ranges, std::int32_t bits,
                                            instruction_set set) {
    check_usable(set);
    check_bits(bits);
    if (points.size() != weights.size())
        throw quant_error{fault::length_mismatch, "points and weights",
                          std::to_string(points.size()) + " and " + std::to_string(weights.size()), "one of each"};
    auto const& kernels = detail::kernels_for(set);
    double count = 0;
    for (double const w : weights) count += w;
    std::vector<group_error> out;
    for (auto const r : ranges) {
        detail::candidate c{affine::over(r, bits), bits};
        kernels.weigh(points.data(), weights.data(), points.size(), c.rule, c.lanes);
        c.end_piece();
        out.push_back(c.result(count));
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
