// group_ids: values whose groups are named one by one instead of by bounds.
#pragma once

#include <kvt/quant/encode.hpp>
#include <kvt/quant/grouped_values.hpp>
#include <kvt/quant/time_groups.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// Throws `length_mismatch` unless there is one id a value, and `group_id_out_of_range` naming the first value whose id is
/// not in `0 .. groups - 1` (markov-smoothness 1.4).
void check_group_ids(std::span<std::int64_t const> ids, std::size_t values, std::size_t groups);

/// The ids of all elements of consecutive groups; throws as `check_bounds`, and `length_mismatch` where the first group
/// does not begin at 0.
[[nodiscard]] std::vector<std::int64_t> ids_of(std::span<std::size_t const> bounds);
/// The ids of elements that carry a timestep each, groups being intervals of timesteps (`balanced_bounds` of their
/// number). Throws as `ids_of`, and `group_id_out_of_range` naming the first element whose timestep lies in no interval.
[[nodiscard]] std::vector<std::int64_t> ids_of_timesteps(std::span<std::int64_t const> timesteps,
                                                         std::span<std::size_t const> bounds);

/// Values put group by group, in each as they came; group g is those with id g. So anything that takes `grouped_values`
/// can take them; a group without values is refused there. Throws as `check_group_ids`.
[[nodiscard]] stored_groups by_group(std::span<float const> values, std::span<std::int64_t const> ids,
                                     std::size_t groups);

/// Packed codes of all values in the order in which they came, each with its own group's parameters. Throws as
/// `check_group_ids` and `encode`.
[[nodiscard]] std::vector<std::uint8_t> encode(std::span<float const> values, std::span<std::int64_t const> ids,
                                               std::span<affine const> parameters, code_grid const& grid);
/// What they stand for; throws as `check_group_ids` and `decode`.
void decode(std::span<std::uint8_t const> codes, std::span<std::int64_t const> ids, std::span<affine const> parameters,
            code_grid const& grid, std::span<float> out);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/group_ids.ipp>
#endif
