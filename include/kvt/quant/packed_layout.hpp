// packed_layout: how a tensor lies in a file of codes: what its codes mean, and the names of its parts.
#pragma once

#include <kvt/quant/pack.hpp>
#include <kvt/quant/quantize_tensor.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// All that is needed to read codes, beside their parameters.
struct packed_layout {
    std::vector<std::int64_t> shape{};
    tensor::element type = tensor::element::f32;  ///< of the original
    std::string quantizer = "asymmetric";
    std::int32_t bits = 8;
    std::int64_t time_groups = 4;
    std::optional<std::int64_t> group_size{};
    std::int32_t parameter_bytes = 4;  ///< 4: binary32, 8: binary64

    template <quant::quantizer Q>
    [[nodiscard]] static packed_layout of(tensor::view const& t, Q const& q, grouping const& groups,
                                          std::int32_t parameter_bytes = 4) {
        return {t.shape, t.type, std::string{Q::name}, q.bits, groups.time_groups, groups.group_size, parameter_bytes};
    }

    [[nodiscard]] grouping groups() const { return {time_groups, group_size}; }
    /// The product of the shape; throws `length_mismatch` where it is negative or beyond 64 bits.
    [[nodiscard]] std::size_t elements() const;
    /// Of the registered quantizer (quant/quantizers.hpp) that has this name.
    [[nodiscard]] code_grid grid() const;
    /// Throws the fault of the first field that is wrong; `where` names the tensor.
    void check(std::string const& where) const;
};
KVT_RECORD(packed_layout, shape, type, quantizer, bits, time_groups, group_size, parameter_bytes);

/// The names under which the parts of a tensor stand: codes `U8 [bytes]`, scale and offset `F32` or `F64` `[groups]`.
struct packed_names {
    std::string codes, scale, offset;
    [[nodiscard]] static packed_names of(std::string const& name) {
        return {name + ".kvt_codes", name + ".kvt_scale", name + ".kvt_offset"};
    }
};

/// The key of the file's metadata whose value, a JSON object from tensor name to `packed_layout`, says what is packed.
inline constexpr std::string_view packed_metadata_key = "kvt_packed";

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/packed_layout.ipp>
#endif
