#include "trace_files.hpp"

#include <filesystem>

namespace cli {

void refuse_same(std::vector<named_path> const& files) {
    for (std::size_t i = 0; i < files.size(); ++i)
        for (std::size_t j = i + 1; j < files.size(); ++j) {
            auto const &a = files[i], &b = files[j];
            if (a.path.empty() || b.path.empty()) continue;
            std::error_code unknown;
            bool const same = std::filesystem::weakly_canonical(a.path, unknown) ==
                                  std::filesystem::weakly_canonical(b.path, unknown) ||
                              std::filesystem::equivalent(a.path, b.path, unknown);
            if (same)
                throw kvt::error{kvt::error_kind::usage, b.path, std::string{b.what} + " would replace " + a.what,
                                 "another file"};
        }
}

}  // namespace cli
