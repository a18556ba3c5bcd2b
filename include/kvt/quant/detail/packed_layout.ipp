#pragma once

#include <kvt/quant/packed_layout.hpp>
#include <kvt/quant/quantizers.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::size_t packed_layout::elements() const {
    std::int64_t n = 1;
    for (auto const d : shape)
        if (d < 0 || __builtin_mul_overflow(n, d, &n))
            throw quant_error{fault::length_mismatch, "shape", "a dimension of " + std::to_string(d) + " is too much"};
    return static_cast<std::size_t>(n);
}

KVT_DECL code_grid packed_layout::grid() const {
    return quantizers::visit(quantizer, json::of({{"bits", bits}}), "quantizer",
                             [](auto const& q) { return q.grid(); });
}

KVT_DECL void packed_layout::check(std::string const& where) const {
    try {
        check_bits(bits);
        groups().check();
        if (elements() == 0) throw quant_error{fault::empty_input, "shape", "no elements"};
    } catch (quant_error const& e) {
        throw quant_error{e.code(), where, e.where() + " is not possible"};
    }
    if (!tensor::has_floats(type))
        throw quant_error{fault::unsupported_dtype, where, std::string{name_of(type)}, "F32, F16 or BF16"};
    auto const known = quantizers::names();
    if (std::ranges::find(known, quantizer) == known.end()) {
        std::string names;
        for (auto const name : known) names += (names.empty() ? "" : " or ") + std::string{name};
        throw error{error_kind::malformed, where, "no quantizer is called " + quantizer, names};
    }
    if (parameter_bytes != 4 && parameter_bytes != 8)
        throw error{error_kind::malformed, where, "parameters of " + std::to_string(parameter_bytes) + " bytes",
                    "4 or 8"};
}

}  // namespace kvt::inline KVT_ABI::quant
