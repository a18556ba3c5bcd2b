// suites: synthetic tensors whose groups differ in known ways, for judging range policies.
#pragma once

#include <kvt/quant/grouped_values.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// `ramp`: deviations rise steadily. `irregular`: they jump up and down, and means move a little. `near_constant`: they
/// differ by up to two per cent.
enum class suite_kind : std::uint8_t { ramp, irregular, near_constant };
KVT_CHOICE(suite_kind, "ramp", "irregular", "near_constant");

/// A group's distribution.
struct suite_group {
    double mean = 0, deviation = 1;
};
KVT_RECORD(suite_group, mean, deviation);

[[nodiscard]] std::span<suite_group const> groups_of(suite_kind kind);

/// Normal values, `per_group` of them a group; a function of its arguments alone.
[[nodiscard]] stored_groups draw_suite(suite_kind kind, std::int64_t seed, std::size_t per_group = 2048);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/suites.ipp>
#endif
