#include "files.hpp"

#include <kvt/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <unistd.h>

namespace cli {

namespace fs = std::filesystem;

void refuse_same(std::vector<named_path> const& files) {
    for (std::size_t i = 0; i < files.size(); ++i)
        for (std::size_t j = i + 1; j < files.size(); ++j) {
            auto const &a = files[i], &b = files[j];
            if (a.path.empty() || b.path.empty()) continue;
            std::error_code unknown;
            bool const same = fs::weakly_canonical(fs::absolute(a.path), unknown) ==
                                  fs::weakly_canonical(fs::absolute(b.path), unknown) ||
                              fs::equivalent(a.path, b.path, unknown);
            if (same)
                throw kvt::error{kvt::error_kind::usage, b.path, std::string{b.what} + " would replace " + a.what,
                                 "another file"};
        }
}

void refuse_inside(std::string const& folder, char const* what, std::vector<named_path> const& outputs) {
    std::error_code unknown;
    auto const inside = fs::weakly_canonical(fs::absolute(folder), unknown);
    for (auto const& file : outputs) {
        if (file.path.empty()) continue;
        for (auto at = fs::weakly_canonical(fs::absolute(file.path), unknown);; at = at.parent_path()) {
            if (at == inside)
                throw kvt::error{kvt::error_kind::usage, file.path,
                                 std::string{file.what} + " lies in the folder of " + what, "another folder"};
            if (at == at.parent_path()) break;
        }
    }
}

void require_writable(named_path const& file) {
    auto const refuse = [&](std::string const& why) {
        throw kvt::error{kvt::error_kind::io, file.path, std::string{file.what} + " cannot be written (" + why + ")"};
    };
    std::error_code unknown;
    if (fs::is_directory(file.path, unknown)) refuse("it is a folder");
    auto at = fs::absolute(file.path, unknown).parent_path();
    while (!fs::exists(at, unknown) && at != at.parent_path()) at = at.parent_path();
    if (!fs::is_directory(at, unknown)) refuse(at.string() + " is not a folder");
    if (::access(at.c_str(), W_OK) != 0) refuse(at.string() + ": " + std::strerror(errno));
}

}  // namespace cli
