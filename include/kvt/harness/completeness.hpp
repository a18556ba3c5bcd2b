// completeness: whether a stage needs everything before it.
#pragma once

#include <kvt/core/record.hpp>

namespace kvt::inline KVT_ABI::harness {

/// Whether a stage needs everything before it, or takes what is there and names what is missing. A report made from a part
/// carries the partial-run banner.
enum class completeness : std::uint8_t { whole, partial };
KVT_CHOICE(completeness, "whole", "partial");

}  // namespace kvt::inline KVT_ABI::harness
