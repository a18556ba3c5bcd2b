// family_law_report: a family's laws in words, pictures and files.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/harness/family_law.hpp>
#include <kvt/report/chart.hpp>
#include <kvt/report/document.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What the laws say, a sentence each: for every policy, then what they cannot say.
[[nodiscard]] std::vector<std::string> conclusions_of(family_laws const& f);

/// Critical budgets by length, a colour a policy, with each policy's law at the reference size.
[[nodiscard]] kvt::report::chart law_chart(family_laws const& f);
/// One policy: a colour a model, its critical budgets and its law.
[[nodiscard]] kvt::report::chart policy_chart(family_laws const& f, policy_law const& of);
/// The document without its pictures.
[[nodiscard]] kvt::report::document law_document(family_laws const& f);

/// Writes `transition_law.json`, `transition_law.md`, `transition_law.png` and `.svg`, and a picture `law_<policy>` of each
/// policy into `folder`, each as a whole; notes them in the context. Throws `error{io}`, and `error{missing}` where gnuplot is
/// not installed.
struct write_laws {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "write_laws";

    std::string folder;

    explicit write_laws(std::string to) : folder{std::move(to)} {}

    [[nodiscard]] family_laws operator()(run_context& context, family_laws found) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/family_law_report.ipp>
#endif
