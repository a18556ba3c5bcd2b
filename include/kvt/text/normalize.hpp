// The form in which answers are compared: lower case, single spaces, letters and digits only (spec J1).
#pragma once

#include <kvt/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::text {

/// Lower-cases (full Unicode mapping), trims, turns every run of white space into one space, then deletes every character
/// that is neither alphanumeric nor `_` nor a space, and trims again. Since deletion comes last, `a - b` keeps two
/// spaces. Articles stay; no Unicode normalisation form is applied. One pass.
[[nodiscard]] std::string normalize(std::string_view text);

/// The text's words: its maximal runs of non-white-space.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);

}  // namespace kvt::inline KVT_ABI::text

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/text/detail/normalize.ipp>
#endif
