// Definitions of quant/group_ids.hpp.
#pragma once

#include <kvt/quant/group_ids.hpp>

#include <algorithm>
#include <string>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// Calls `f(id, begin, end)` for runs of neighbours with one id, so that kernels get what lies together at once.
template <class F> void each_run(std::span<std::int64_t const> ids, F&& f) {
    for (std::size_t begin = 0, end = 0; begin < ids.size(); begin = end) {
        while (end < ids.size() && ids[end] == ids[begin]) ++end;
        f(static_cast<std::size_t>(ids[begin]), begin, end);
    }
}

inline void check_from_zero(std::span<std::size_t const> bounds) {
    check_bounds(bounds);
    if (!bounds.empty() && bounds.front() != 0)
        throw quant_error{fault::length_mismatch, "group bounds", "begin at " + std::to_string(bounds.front()), "0"};
}

}  // namespace detail

KVT_DECL void check_group_ids(std::span<std::int64_t const> ids, std::size_t values, std::size_t groups) {
    if (ids.size() != values)
        throw quant_error{fault::length_mismatch, "group ids",
                          std::to_string(ids.size()) + " for " + std::to_string(values) + " values", "one a value"};
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] < 0 || static_cast<std::size_t>(ids[i]) >= groups)
            throw quant_error{fault::group_id_out_of_range, "group id of value " + std::to_string(i),
                              std::to_string(ids[i]) + " among " + std::to_string(groups) + " groups",
                              "0 to one below their number"};
}

KVT_DECL std::vector<std::int64_t> ids_of(std::span<std::size_t const> bounds) {
    detail::check_from_zero(bounds);
    std::vector<std::int64_t> ids;
    for (std::size_t k = 1; k < bounds.size(); ++k) ids.resize(bounds[k], static_cast<std::int64_t>(k) - 1);
    return ids;
}

KVT_DECL std::vector<std::int64_t> ids_of_timesteps(std::span<std::int64_t const> timesteps,
                                                    std::span<std::size_t const> bounds) {
    detail::check_from_zero(bounds);
    auto const end = bounds.empty() ? 0 : static_cast<std::int64_t>(bounds.back());
    std::vector<std::int64_t> ids;
    ids.reserve(timesteps.size());
    for (std::int64_t const t : timesteps) {
        if (t < 0 || t >= end)
            throw quant_error{fault::group_id_out_of_range, "timestep of value " + std::to_string(ids.size()),
                              std::to_string(t) + " lies in no group", "0 to below " + std::to_string(end)};
        auto const after = std::ranges::upper_bound(bounds, static_cast<std::size_t>(t));
        ids.push_back(after - bounds.begin() - 1);
    }
    return ids;
}

KVT_DECL stored_groups by_group(std::span<float const> values, std::span<std::int64_t const> ids, std::size_t groups) {
    check_group_ids(ids, values.size(), groups);
    stored_groups out{.values = std::vector<float>(values.size()), .bounds = std::vector<std::size_t>(groups + 1)};
    for (std::int64_t const id : ids) ++out.bounds[static_cast<std::size_t>(id) + 1];
    for (std::size_t g = 0; g < groups; ++g) out.bounds[g + 1] += out.bounds[g];
    auto next = out.bounds;
    for (std::size_t i = 0; i < values.size(); ++i) out.values[next[static_cast<std::size_t>(ids[i])]++] = values[i];
    return out;
}

KVT_DECL std::vector<std::uint8_t> encode(std::span<float const> values, std::span<std::int64_t const> ids,
                                          std::span<affine const> parameters, code_grid const& grid) {
    check_bits(grid.bits);
    check_group_ids(ids, values.size(), parameters.size());
    std::vector<std::uint8_t> codes(packed_bytes(values.size(), grid.bits));
    detail::each_run(ids, [&](std::size_t group, std::size_t begin, std::size_t end) {
        encode(values.subspan(begin, end - begin), parameters[group], grid, codes, begin);
    });
    return codes;
}

KVT_DECL void decode(std::span<std::uint8_t const> codes, std::span<std::int64_t const> ids,
                     std::span<affine const> parameters, code_grid const& grid, std::span<float> out) {
    check_bits(grid.bits);
    check_group_ids(ids, out.size(), parameters.size());
    detail::each_run(ids, [&](std::size_t group, std::size_t begin, std::size_t end) {
        decode(codes, begin, parameters[group], grid, out.subspan(begin, end - begin));
    });
}

}  // namespace kvt::inline KVT_ABI::quant
