// The files a command reads and writes: none replaces another, and what cannot be written is said before the work begins.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct named_path {
    char const* what;  ///< a flag, or words for an input
    std::string path;
};

/// Throws `error{usage}` where two of these paths are the same file; empty ones are left out.
void refuse_same(std::vector<named_path> const& files);

/// Throws `error{usage}` where one of `outputs` lies in the folder of an input, or is it.
void refuse_inside(std::string const& folder, char const* what, std::vector<named_path> const& outputs);

/// Throws `error{io}` where the file could not be made: its nearest folder that exists is none or cannot be written to, or
/// the path is a folder.
void require_writable(named_path const& file);

}  // namespace cli
