// pass_output: what a pass over values leaves behind.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>

namespace kvt::inline KVT_ABI::quant {

/// What to make of values: codes, their errors, or both.
enum class pass_output : std::uint8_t { codes, errors, both };
KVT_CHOICE(pass_output, "codes", "errors", "both");

}  // namespace kvt::inline KVT_ABI::quant
