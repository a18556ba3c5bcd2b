// Whole files: read at once, and written so that no reader ever sees half of one.
#pragma once

#include <kvt/version.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// The bytes of a file; throws `error{missing}` or `error{io}` naming it.
[[nodiscard]] std::string read_file(std::string const& path);

/// Writes beside the target and renames (`whole_file`), so the file is either the old or the new one; creates parent
/// folders. Throws `error{io}` naming the path.
void write_file(std::string const& path, std::string_view bytes);

[[nodiscard]] bool file_exists(std::string const& path);

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/text_file.ipp>
#endif
