// A folder of a test's own, with a name no other has, gone when the test ends.
#pragma once

#include <kvt/core/text_file.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

struct scratch_folder {
    std::string path = (std::filesystem::canonical(std::filesystem::temp_directory_path()) / "kvt-XXXXXX").string();

    scratch_folder() {
        if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{path + ": cannot be made"};
    }
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(path, ignored);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    [[nodiscard]] std::string operator/(std::string_view name) const { return path + "/" + std::string{name}; }
    /// Writes a file and returns its path.
    std::string file(std::string_view name, std::string_view bytes) const {
        kvt::write_file(*this / name, bytes);
        return *this / name;
    }
};
