// Mustache templates over JSON values.
#pragma once

#include <kvt/core/json.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::config {

/// What becomes of `& < > " '` in `{{value}}`; `{{{value}}}` is never escaped.
enum class escaping : std::uint8_t { none, html };

/// Fills a Mustache template (the language of mustache(5): variables, sections, inverted sections, comments; no partials,
/// no lambdas). Numbers and true are written as in JSON, null, false and absent names as nothing; empty lists, empty text,
/// false and null close a section. `where` names the template in `error{malformed}`.
[[nodiscard]] std::string render(std::string_view text, json const& data, escaping how = escaping::none,
                                 std::string_view where = "template");

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/template.ipp>
#endif
