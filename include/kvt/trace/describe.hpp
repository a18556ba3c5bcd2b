// describe: estimates as text, and which of two to trust.
#pragma once

#include <kvt/trace/iterative.hpp>

#include <string>

namespace kvt::inline KVT_ABI::trace {

/// The coefficients with six decimals, and the diagnostics as the shortest digits that read back.
[[nodiscard]] std::string describe(baseline_estimate const& found);
[[nodiscard]] std::string describe(iterative_estimate const& found);

/// Which estimate to use.
enum class trusted : std::uint8_t { iterative, neither };
KVT_CHOICE(trusted, "iterative", "neither");

/// Which estimate of one trace to use, and why.
struct advice {
    trusted use = trusted::neither;
    std::string reason{};
};
KVT_RECORD(advice, use, reason);

/// The re-weighted estimate, where the trace tells its coefficients apart, the iteration has settled (its last step
/// moved no coefficient by 1 % or more) and it explains durations no worse than the baseline does; else neither. Never
/// the baseline alone: what speaks for it, a high r2, does not show its bias.
[[nodiscard]] advice which_to_trust(baseline_estimate const& simple, iterative_estimate const& reweighted);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/describe.ipp>
#endif
