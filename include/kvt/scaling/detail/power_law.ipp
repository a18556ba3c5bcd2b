#pragma once

#include <kvt/scaling/power_law.hpp>

#include <cstdio>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL std::string formula_text(power_law const& law) {
    char text[512], offset[400] = "";
    if (law.l_inf) std::snprintf(offset, sizeof offset, "%.4f + ", *law.l_inf);
    std::snprintf(text, sizeof text, "%s%.4e * C^%.4f", offset, law.coefficient_k, law.exponent_a);
    return law.name + " = " + text;
}

}  // namespace kvt::inline KVT_ABI::scaling
