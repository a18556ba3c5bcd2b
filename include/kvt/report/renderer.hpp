// renderer: a policy that turns a document into the bytes of one file.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/report/document.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::report {

/// `r.render(document)` is a pure function of the document and the figure files it names; all texts are escaped, so that
/// whatever they hold is shown and never obeyed. `extension` is the file's, without a dot.
/// Satisfied by `markdown` and `html`; laws: tests/laws/renderer.hpp.
template <class R> concept renderer = record<R> && named<R> && requires(R const& r, document const& d) {
    { r.render(d) } -> std::same_as<std::string>;
    { R::extension } -> std::convertible_to<std::string_view>;
};

}  // namespace kvt::inline KVT_ABI::report
