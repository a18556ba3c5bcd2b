// The code revision that results are stored with.
#pragma once

#include <kvt/version.hpp>

#include <string>

namespace kvt::inline KVT_ABI::config {

/// The commit that a git work tree at `root` stands at: 40 hex digits, read from its files without running git. Empty
/// where there is no work tree or no commit.
[[nodiscard]] std::string code_revision(std::string const& root);

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/revision.ipp>
#endif
