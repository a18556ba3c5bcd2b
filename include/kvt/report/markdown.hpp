// markdown: a document as GitHub-flavoured Markdown that also reads well unrendered.
#pragma once

#include <kvt/report/renderer.hpp>

namespace kvt::inline KVT_ABI::report {

/// Figures stay files beside it (spec Q: `report.md`). Every character with a meaning in Markdown is escaped.
struct markdown {
    static constexpr std::string_view name = "markdown";
    static constexpr std::string_view extension = "md";

    [[nodiscard]] std::string render(document const& d) const;
};
KVT_EMPTY_RECORD(markdown);

/// Text as Markdown that renders to exactly that text, on one line.
[[nodiscard]] std::string escape_markdown(std::string_view text);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/markdown.ipp>
#endif
