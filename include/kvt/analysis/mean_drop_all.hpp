// mean_drop_all: mean_drop with failed requests counted as wrong answers.
#pragma once

#include <kvt/analysis/detector.hpp>

namespace kvt::inline KVT_ABI::analysis {

/// The rule of `mean_drop` on `acc_mean_all`. Where this fires and `mean_drop` does not, answers stopped arriving
/// rather than getting worse: the collapse is failure-driven.
struct mean_drop_all {
    static constexpr std::string_view name = "overall_mean_drop_all";
    double threshold = 0.15;

    [[nodiscard]] transition operator()(curve runs) const;
};
KVT_RECORD(mean_drop_all, threshold);

}  // namespace kvt::inline KVT_ABI::analysis

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/analysis/detail/mean_drop_all.ipp>
#endif
