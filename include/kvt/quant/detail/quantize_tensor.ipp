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
    group_coder coder{what, parameters, grid, codes, begin, best_instruction_set()};
    blocks.each(begin, end, [&](std::span<float const> values, std::size_t) { coder.feed(values); });
    return coder.finish();
}

/// A tensor under way: each group gets its parameters and codes right after it was scanned, so that one that fits a cache
/// comes from memory once.
class tensor_quantizer {
  public:
    tensor_quantizer(tensor::view const& t, quantizer_rule const& q, std::int32_t parameter_bytes, pass_output what,
                     tensor_codes& out)
        : tensor_{t}, blocks_{t}, rule_{q}, parameter_bytes_{parameter_bytes}, what_{what}, out_{out},
          coder_{what, {}, q.grid, out.codes, 0, best_instruction_set()} {}

    /// A time group that is one group.
    void whole(std::size_t begin, std::size_t end, std::size_t group) {
        auto const seen = scan_part(blocks_, begin, end);
        out_.time_groups[group] = seen;
        if (auto const* p = parameters(seen))
            out_.errors[group] = code_part(blocks_, begin, end, *p, rule_.grid, what_, out_.codes);
    }
    /// A time group in runs of `size`; decoded once for both passes, as many runs at once as a block holds.
    void in_runs(std::size_t begin, std::size_t end, std::size_t size, std::size_t group) {
        std::size_t const step = std::max(tensor::float_blocks::block / size, std::size_t{1}) * size;
        for (std::size_t at = begin; at < end; at += step) {
            auto const n = std::min(step, end - at);
            if (blocks_.in_place()) {
                blocks_.each(at, at + n,
                             [&](std::span<float const> values, std::size_t) { runs(values, at, size, group); });
            } else {
                held_.resize(n);
                to_floats(tensor_, at, held_);
                runs(held_, at, size, group);
            }
        }
    }

  private:
    void runs(std::span<float const> values, std::size_t first, std::size_t size, std::size_t group) {
        // While a run is coded, memory is asked for the next one.
        std::size_t const reach = std::clamp(4 * size, ahead, std::size_t{1} << 16);
        for (std::size_t i = 0; i < values.size(); i += size) {
            auto const run = values.subspan(i, std::min(size, values.size() - i));
            auto const seen = scan(run);
            out_.time_groups[group] += seen;
            auto const* const p = parameters(seen);
            if (p == nullptr) continue;
            coder_.begin(*p, rule_.grid, first + i, reach);
            coder_.feed(run);
            if (what_ != pass_output::codes) out_.errors[group] += coder_.finish();
        }
    }
    /// None where a value is not finite: that is refused when all values have been counted.
    [[nodiscard]] affine const* parameters(value_scan const& seen) {
        if (seen.nan > 0 || seen.infinite > 0) return nullptr;
        return &out_.parameters.emplace_back(rule_.parameters(rule_.policy, seen.range()).stored(parameter_bytes_));
    }

    tensor::view const& tensor_;
    tensor::float_blocks blocks_;
    std::vector<float> held_;
    quantizer_rule rule_;
    std::int32_t parameter_bytes_;
    pass_output what_;
    tensor_codes& out_;
    group_coder coder_;  ///< of runs
};

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

KVT_DECL void quantize_tensor(tensor::view const& t, quantizer_rule const& q, grouping const& groups,
                              std::int32_t parameter_bytes, pass_output what, tensor_codes& out) {
    detail::check_floats(t);
    groups.check();
    if (t.count() == 0) throw quant_error{fault::empty_input, t.name, "has no elements"};
    auto const bounds = groups.time_bounds(t.count());
    out.codes.resize(what == pass_output::errors ? 0 : packed_bytes(t.count(), q.grid.bits));
    if (!out.codes.empty()) out.codes.back() = 0;  // its unused bits; all others are written
    out.time_groups.assign(bounds.size() - 1, {});
    out.errors.assign(bounds.size() - 1, {});
    out.parameters.clear();
    out.parameters.reserve(groups.count(t.count()));
    detail::tensor_quantizer work{t, q, parameter_bytes, what, out};
    for (std::size_t g = 0; g + 1 < bounds.size(); ++g) {
        if (groups.group_size) work.in_runs(bounds[g], bounds[g + 1], static_cast<std::size_t>(*groups.group_size), g);
        else work.whole(bounds[g], bounds[g + 1], g);
    }
    value_scan all;
    for (auto const& seen : out.time_groups) all += seen;
    all.check(t.name);
}

}  // namespace kvt::inline KVT_ABI::quant
