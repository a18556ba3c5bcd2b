// quantize_tensor: a tensor's ranges, parameters, codes and errors, group by group.
#pragma once

#include <kvt/quant/error_sums.hpp>
#include <kvt/quant/pass_output.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/time_groups.hpp>
#include <kvt/quant/value_scan.hpp>
#include <kvt/tensor/view.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::quant {

/// How a tensor is divided: into time groups (balanced, as many as there are elements at most), and these into runs that
/// have parameters of their own; without `group_size` each time group is one.
struct grouping {
    std::int64_t time_groups = 4;
    std::optional<std::int64_t> group_size{};

    /// Throws `invalid_time_groups`, `invalid_group_size`.
    void check() const;
    [[nodiscard]] std::vector<std::size_t> time_bounds(std::size_t elements) const;
    /// Of the groups that have parameters.
    [[nodiscard]] std::vector<std::size_t> bounds(std::size_t elements) const;
    /// How many these are, without listing them.
    [[nodiscard]] std::size_t count(std::size_t elements) const;
};
KVT_RECORD(grouping, time_groups, group_size);

/// What a pass over each of the groups saw. Values are read in blocks that stay in the cache; of an F32 tensor where they
/// lie. Throws `unsupported_dtype` naming the tensor, and as `check_bounds`.
[[nodiscard]] std::vector<value_scan> scan_groups(tensor::view const& t, std::span<std::size_t const> bounds);

/// Encodes and measures with given parameters, one of each group; `codes` (all of the tensor, not looked at where they are
/// not wanted) has room for `packed_bytes` of them. Answers the errors per group (zeros where they are not wanted). Values
/// must be finite. Throws `length_mismatch`, `unsupported_dtype`.
[[nodiscard]] std::vector<error_sums> code_groups(tensor::view const& t, std::span<std::size_t const> bounds,
                                                  std::span<affine const> parameters, code_grid const& grid,
                                                  pass_output what, std::span<std::uint8_t> codes);

/// A tensor in codes.
struct tensor_codes {
    std::vector<value_scan> time_groups;  ///< what the values of each time group are
    std::vector<affine> parameters;       ///< of each group, as stored
    std::vector<std::uint8_t> codes;      ///< packed
    std::vector<error_sums> errors;       ///< of each time group; zeros where they were not wanted
};

/// A quantizer without its type, for bodies that are compiled once.
struct quantizer_rule {
    void const* policy;
    affine (*parameters)(void const*, value_range);
    code_grid grid;

    template <quantizer Q> [[nodiscard]] static quantizer_rule of(Q const& q) {
        return {&q, [](void const* p, value_range r) { return static_cast<Q const*>(p)->parameters(r); }, q.grid()};
    }
};

/// Quantizes every group over its own range. A group that fits a cache is read from memory once, others twice. The same
/// result wherever and however often it is called. `parameter_bytes`: 4, parameters are rounded to binary32 before they
/// are used, or 8. `out` is written over, and its memory used again. Throws `non_finite_input` with counts,
/// `empty_input`, `unsupported_dtype`, naming the tensor.
void quantize_tensor(tensor::view const& t, quantizer_rule const& q, grouping const& groups,
                     std::int32_t parameter_bytes, pass_output what, tensor_codes& out);
template <quantizer Q>
[[nodiscard]] tensor_codes quantize_tensor(tensor::view const& t, Q const& q, grouping const& groups,
                                           std::int32_t parameter_bytes = 4, pass_output what = pass_output::both) {
    q.check();
    tensor_codes out;
    quantize_tensor(t, quantizer_rule::of(q), groups, parameter_bytes, what, out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/quantize_tensor.ipp>
#endif
