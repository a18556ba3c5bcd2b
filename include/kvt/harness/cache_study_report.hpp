// cache_study_report: a cache study as files: JSON, Markdown, pictures.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/harness/cache_findings.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/document.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// Boundary scores along the tokens: a line a layer (mean of its heads), keys as stored and, dashed, before rotation.
[[nodiscard]] kvt::report::chart boundary_chart(cache_findings const& f);
/// Each predictor's rank correlation with damage, with its interval; keys as stored, at the first width.
[[nodiscard]] kvt::report::chart predictor_chart(cache_findings const& f);
/// The share of answers lost by width: a line for each mix, at the first group size.
[[nodiscard]] kvt::report::chart lost_chart(cache_findings const& f);

/// The document without its pictures and the appendix by layer and head.
[[nodiscard]] kvt::report::document cache_study_document(cache_findings const& f);

/// Writes `cache_study.json`, `cache_study.md`, `boundaries`, `predictors` and `lost` (each .png and .svg) into `folder`, each as
/// a whole; notes them in the context. Throws `error{io}`, and `error{missing}` where gnuplot is not installed.
struct write_cache_study {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "write_cache_study";

    std::string folder;

    explicit write_cache_study(std::string to) : folder{std::move(to)} {}

    [[nodiscard]] cache_findings operator()(run_context& context, cache_findings found) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/cache_study_report.ipp>
#endif
