// Runs the compiler on small files and reads what it took; knows which headers there are.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct cost {
    double seconds = 0;  // CPU time, user and system
    double peak_mb = 0;
    std::size_t lines = 0;  // after preprocessing
};

struct job {
    std::string text;
    std::vector<std::string> flags;
};

/// A public header: what it is included as, and which includes from outside it reaches when compiled apart.
struct header {
    std::string path;
    std::vector<std::string> reached;
};

[[nodiscard]] std::string source_root();
[[nodiscard]] std::string compiler_version();
[[nodiscard]] std::vector<header> public_headers();
/// One include line for each header from outside that files of include/kvt name; with or without those of `.ipp` files.
[[nodiscard]] std::string outside_includes(bool definitions);

/// One compiler at a time gives steady seconds; several at once are done sooner, with the same memory and lines.
enum class pace { steady, quick };

/// Compiles each file once; throws where one does not compile.
[[nodiscard]] std::vector<cost> measure(std::vector<job> const& jobs, pace how);

}  // namespace bench
