#pragma once

#include <kvt/scaling/scaling_laws.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline void write_whole(json& points) {
    for (auto& point : points.items())
        for (auto const* key : {"model_size", "num_tokens"}) {
            double const v = point.at(key).real();
            if (std::abs(v) < 9e15 && v == std::trunc(v)) point[key] = static_cast<std::int64_t>(v);
        }
}

}  // namespace detail

KVT_DECL json laws_json(scaling_laws const& laws) {
    auto out = to_json(laws);
    detail::write_whole(out["optimal_points"]);
    for (auto& one : out["isoflops"].items()) detail::write_whole(one["runs"]);
    for (auto const* key : {"excluded", "warnings", "isoflops"})
        if (out.at(key).size() == 0) out.erase(key);
    for (auto const* key : {"leave_one_out", "bootstrap", "parametric"})
        if (out.at(key).is_null()) out.erase(key);
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
