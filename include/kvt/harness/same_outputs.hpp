// same_outputs: whether two runs gave the same answers to the prompts that both answered.
#pragma once

#include <kvt/engine/evidence.hpp>
#include <kvt/harness/measured.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::harness {

/// The two runs' answers to the prompts that both answered; null where a request of either had a temperature above 0,
/// at which the same cache need not give the same answer (spec I6).
[[nodiscard]] std::optional<engine::noop_check> same_outputs(measured_run const& one, measured_run const& other);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/same_outputs.ipp>
#endif
