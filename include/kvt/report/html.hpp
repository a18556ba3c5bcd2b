// html: a document as one self-contained page.
#pragma once

#include <kvt/report/renderer.hpp>

namespace kvt::inline KVT_ABI::report {

/// Styles and figures are inside the file; a content security policy forbids it to load or run anything. Light and dark,
/// from telephone to print. Well-formed XML after the doctype. Throws `error{missing|io}` where a figure's file cannot be
/// read, `error{malformed}` where it is neither PNG nor SVG.
struct html {
    static constexpr std::string_view name = "html";
    static constexpr std::string_view extension = "html";

    [[nodiscard]] std::string render(document const& d) const;
};
KVT_EMPTY_RECORD(html);

/// Text as HTML (and XML) character data or attribute value.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/html.ipp>
#endif
