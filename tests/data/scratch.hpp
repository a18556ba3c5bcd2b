// A folder of its own for a test's files, removed afterwards.
#pragma once

#include <kvt/core/text_file.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

struct scratch {
    std::filesystem::path folder;

    scratch() {
        static int number = 0;
        folder = std::filesystem::temp_directory_path() /
                 ("kvt_data_" + std::to_string(::getpid()) + "_" + std::to_string(number++));
        std::filesystem::create_directories(folder);
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    [[nodiscard]] std::string path(std::string_view name) const { return (folder / name).string(); }
    /// Writes a file and returns its path.
    std::string file(std::string_view name, std::string_view bytes) const {
        kvt::write_file(path(name), bytes);
        return path(name);
    }
};

/// What the error that `f` throws says, or empty where it throws none.
template <class F> std::string message_of(F&& f) {
    try {
        f();
    } catch (std::exception const& problem) {
        return problem.what();
    }
    return {};
}
inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
