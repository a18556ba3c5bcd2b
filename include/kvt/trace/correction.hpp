// Corrections for the last chunk of a prefill, which is usually partial: where its missing tokens are taken off.
#pragma once

#include <kvt/trace/exposure.hpp>

#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// What a prefill's last chunk lacks is taken off
///   uniform        evenly over the prefill;
///   end            in the segment that begins when the prefill ends: on whatever runs next, or on an idle gap (this is
///                  how published figures were made);
///   none           nowhere;
///   end_inside     in the segment that ends when the prefill ends;
///   beta_informed  over the prefill's last step, as the local step rate places it (iterative estimator only).
enum class chunk_correction : std::uint8_t { uniform, end, none, end_inside, beta_informed };
KVT_CHOICE(chunk_correction, "uniform", "end", "none", "end_inside", "beta_informed");

/// The correction of that name; throws `bad_option` naming `option`.
[[nodiscard]] chunk_correction correction_named(std::string_view word, std::string_view option = "correction");

/// Whether a correction looks at prompt tokens.
[[nodiscard]] constexpr prompt_use prompts_of(chunk_correction c) {
    return c == chunk_correction::none ? prompt_use::unused : prompt_use::needed;
}

/// m: the tokens that each prefill's last chunk lacks, 0 <= m <= chunk size; 0 for decodes. Throws `non_finite` where a
/// prefill's tokens are unknown.
[[nodiscard]] std::vector<double> missing_tokens(exposure const& trace);

/// c: tokens a second taken off on each segment; not for `beta_informed`, which depends on the coefficients.
[[nodiscard]] std::vector<double> correction_rate(exposure const& trace, chunk_correction how);

/// A: prefill exposures in tokens under that correction; may be negative. Throws `non_finite`.
[[nodiscard]] std::vector<double> prefill_exposure(exposure const& trace, chunk_correction how);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/correction.ipp>
#endif
