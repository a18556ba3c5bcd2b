#pragma once

#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/quantize_tensor.hpp>
#include <kvt/tensor/float_blocks.hpp>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

inline void check_floats(tensor::view const& t) {
    if (!tensor::has_floats(t.type))
        throw quant_error{fault::unsupported_dtype, t.name, std::string{name_of(t.type)} + " elements",
                          "F32, F16 or BF16"};
}

inline void check_groups(tensor::view const& t, std::span<std::size_t const> bounds) {
    check_floats(t);
    check_bounds(bounds);
    if (!bounds.empty() && bounds.back() > t.count())
        throw quant_error{fault::length_mismatch, t.name,
                          "groups of " + std::to_string(bounds.back()) + " elements, which are " +
                              std::to_string(t.count())};
}

[[nodiscard]] inline value_scan scan_part(tensor::float_blocks& blocks, std::size_t begin, std::size_t end) {
    value_scan seen;
    blocks.each(begin, end, [&](std::span<float const> values, std::size_t) { seen += scan(values); });
    return seen;
}

[[nodiscard]] inline error_sums code_part(tensor::float_blocks& blocks, std::size_t begin, std::size_t end,
                                          affine const& parameters, code_grid const& grid, pass_output what,
                                          std::span<std::uint8_t> codes) {
    group_coder coder{static_cast<wanted>(what), parameters, grid, codes, begin, best_instruction_set()};
    blocks.each(begin, end, [&](std::span<float const> values, std::size_t) { coder.feed(values); });
    return coder.finish();
}

/// Groups small enough to stay in the cache between their two passes: each is finished before the next begins.
inline void quantize_runs(tensor::view const& t, quantizer_rule const& q, std::span<std::size_t const> time_bounds,
                          std::size_t size, std::int32_t parameter_bytes, pass_output what, tensor_codes& out) {
    // Decoded once for both passes; as many whole runs as a block holds.
    std::size_t const step = std::max(tensor::float_blocks::block / size, std::size_t{1}) * size;
    tensor::float_blocks blocks{t};
    auto const code_run = [&](std::span<float const> values, std::size_t first, std::size_t group) {
        auto const seen = scan(values);
        out.time_groups[group] += seen;
        if (seen.nan > 0 || seen.infinite > 0) return;  // counted; refused when all are
        auto const p = q.parameters(q.policy, seen.range()).stored(parameter_bytes);
        out.parameters.push_back(p);
        out.errors[group] +=
            pass(static_cast<wanted>(what), values, p, q.grid, out.codes, first, best_instruction_set());
    };
    std::vector<float> held;
    for (std::size_t g = 0; g + 1 < time_bounds.size(); ++g)
        for (std::size_t at = time_bounds[g]; at < time_bounds[g + 1]; at += step) {
            auto const end = std::min(at + step, time_bounds[g + 1]);
            std::span<float const> values;
            if (blocks.in_place()) {
                blocks.each(at, end, [&](std::span<float const> part, std::size_t) { values = part; });
            } else {
                held.resize(end - at);
                to_floats(t, at, held);
                values = held;
            }
            for (std::size_t i = 0; i < values.size(); i += size)
                code_run(values.subspan(i, std::min(size, values.size() - i)), at + i, g);
        }
}

}  // namespace detail

KVT_DECL void grouping::check() const {
    check_time_groups(time_groups);
    if (group_size) check_group_size(*group_size);
}

KVT_DECL std::vector<std::size_t> grouping::time_bounds(std::size_t elements) const {
    return balanced_bounds(elements, time_groups);
}

KVT_DECL std::vector<std::size_t> grouping::bounds(std::size_t elements) const {
    return group_size ? run_bounds(time_bounds(elements), *group_size) : time_bounds(elements);
}

KVT_DECL std::size_t grouping::count(std::size_t elements) const {
    check();
    auto const whole = time_bounds(elements);
    if (!group_size) return whole.size() - 1;
    std::size_t groups = 0;
    auto const size = static_cast<std::size_t>(*group_size);
    for (std::size_t g = 0; g + 1 < whole.size(); ++g) {
        auto const n = whole[g + 1] - whole[g];
        groups += n / size + (n % size == 0 ? 0 : 1);
    }
    return groups;
}

KVT_DECL std::vector<value_scan> scan_groups(tensor::view const& t, std::span<std::size_t const> bounds) {
    detail::check_groups(t, bounds);
    tensor::float_blocks blocks{t};
    std::vector<value_scan> out;
    for (std::size_t k = 0; k + 1 < bounds.size(); ++k)
        out.push_back(detail::scan_part(blocks, bounds[k], bounds[k + 1]));
    return out;
}

KVT_DECL std::vector<error_sums> code_groups(tensor::view const& t, std::span<std::size_t const> bounds,
                                             std::span<affine const> parameters, code_grid const& grid,
                                             pass_output what, std::span<std::uint8_t> codes) {
    detail::check_groups(t, bounds);
    auto const groups = bounds.empty() ? 0 : bounds.size() - 1;
    if (parameters.size() != groups)
        throw quant_error{fault::length_mismatch, t.name,
                          std::to_string(parameters.size()) + " parameters for " + std::to_string(groups) + " groups"};
    if (what != pass_output::errors && groups > 0) detail::check_room(codes.size(), 0, bounds.back(), grid.bits);
    tensor::float_blocks blocks{t};
    std::vector<error_sums> out;
    for (std::size_t k = 0; k < groups; ++k)
        out.push_back(detail::code_part(blocks, bounds[k], bounds[k + 1], parameters[k], grid, what, codes));
    return out;
}

KVT_DECL tensor_codes quantize_tensor(tensor::view const& t, quantizer_rule const& q, grouping const& groups,
                                      std::int32_t parameter_bytes, pass_output what) {
    detail::check_floats(t);
    groups.check();
    if (t.count() == 0) throw quant_error{fault::empty_input, t.name, "has no elements"};
    auto const bounds = groups.time_bounds(t.count());
    tensor_codes out;
    if (what != pass_output::errors) out.codes.resize(packed_bytes(t.count(), q.grid.bits));
    if (groups.group_size) {
        out.time_groups.resize(bounds.size() - 1), out.errors.resize(bounds.size() - 1);
        auto const size = static_cast<std::size_t>(*groups.group_size);
        out.parameters.reserve(groups.count(t.count()));
        detail::quantize_runs(t, q, bounds, size, parameter_bytes, what, out);
    } else {
        out.time_groups = scan_groups(t, bounds);
    }
    value_scan all;
    for (auto const& seen : out.time_groups) all += seen;
    all.check(t.name);
    if (groups.group_size) return out;
    for (auto const& seen : out.time_groups)
        out.parameters.push_back(q.parameters(q.policy, seen.range()).stored(parameter_bytes));
    out.errors = code_groups(t, bounds, out.parameters, q.grid, what, out.codes);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
