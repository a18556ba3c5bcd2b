// The report's content (spec Q): sections in a fixed order, each a function of what the store holds.
#pragma once

#include <kvt/harness/report_input.hpp>
#include <kvt/report/document.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// A plot file that exists, by its path relative to the report.
struct report_figure {
    std::string png, svg, caption, alt;
    std::string fold = {};  ///< what to open to see it; empty: shown at the top
};

/// Title, banners, the plots that are shown, overview, answers, transitions, deltas, the plots that fold, runs, integrity,
/// efficiency, sanity, limits.
[[nodiscard]] kvt::report::document report_document(report_input const& in, std::vector<report_figure> const& figures);

/// What a terminal shows at the end: one row a run, and one line a policy saying where it breaks.
[[nodiscard]] std::string report_summary(report_input const& in);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/report_comparisons.ipp>
#include <kvt/harness/detail/report_document.ipp>
#include <kvt/harness/detail/report_sections.ipp>
#endif
