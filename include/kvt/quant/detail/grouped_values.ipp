// Definitions of quant/grouped_values.hpp.
#pragma once

#include <kvt/quant/grouped_values.hpp>
#include <kvt/quant/token_groups.hpp>
#include <kvt/quant/value_scan.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL affine grouped_values::parameters(value_range r) const {
    return parameter_bytes == 2 ? stored_affine(r, bits, parameter_width::half)
                                : affine::over(r, bits).stored(parameter_bytes);
}

KVT_DECL void grouped_values::check() const {
    check_bits(bits);
    if (parameter_bytes != 2 && parameter_bytes != 4 && parameter_bytes != 8)
        throw error{error_kind::usage, "parameter bytes " + std::to_string(parameter_bytes), "not the size of a number",
                    "2, 4 or 8"};
    if (groups() == 0) throw quant_error{fault::empty_input, "groups", "none", "1 or more"};
    if (bounds.front() != 0 || bounds.back() != values.size())
        throw quant_error{fault::length_mismatch, "group bounds",
                          std::to_string(bounds.front()) + " to " + std::to_string(bounds.back()),
                          "0 to " + std::to_string(values.size())};
    for (std::size_t g = 0; g < groups(); ++g) {
        auto const at = "group " + std::to_string(g);
        if (bounds[g + 1] == bounds[g]) throw quant_error{fault::empty_input, at, "no values", "1 or more"};
        if (bounds[g + 1] < bounds[g] || bounds[g + 1] > values.size())
            throw quant_error{fault::length_mismatch, at, "ends at " + std::to_string(bounds[g + 1]),
                              "bounds that rise to the number of values"};
    }
}

KVT_DECL stored_groups half_of(grouped_values const& tensor, half which) {
    tensor.check();
    stored_groups out{.bounds = {0}};
    for (std::size_t g = 0; g < tensor.groups(); ++g) {
        auto const values = tensor.group(g);
        for (std::size_t i = which == half::odd && values.size() > 1 ? 1 : 0; i < values.size(); i += 2)
            out.values.push_back(values[i]);
        out.bounds.push_back(out.values.size());
    }
    return out;
}

KVT_DECL std::vector<value_range> min_max(grouped_values const& tensor) {
    tensor.check();
    std::vector<value_range> out;
    for (std::size_t g = 0; g < tensor.groups(); ++g) {
        auto const values = tensor.group(g);
        auto const seen = scan(values);
        if (seen.nan + seen.infinite > 0) {
            auto const bad = first_not_finite(values);
            throw quant_error{fault::non_finite_input, "value " + std::to_string(tensor.bounds[g] + bad),
                              std::isnan(values[bad]) ? "NaN" : "an infinity", "finite values"};
        }
        out.push_back(seen.range());
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
