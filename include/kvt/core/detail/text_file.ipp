#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/core/whole_file.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace kvt::inline KVT_ABI {

KVT_DECL std::string read_file(std::string const& path) {
    std::error_code status;
    if (std::filesystem::is_directory(path, status)) throw error{error_kind::usage, path, "is a folder", "a file"};
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(path.c_str(), "rb"), &std::fclose};
    if (!file)
        throw error{errno == ENOENT ? error_kind::missing : error_kind::io, path,
                    std::string{"cannot be opened ("} + std::strerror(errno) + ")", "a readable file"};
    std::string bytes;
    std::string block(1 << 16, '\0');
    while (std::size_t const n = std::fread(block.data(), 1, block.size(), file.get())) bytes.append(block, 0, n);
    if (std::ferror(file.get()) != 0) throw error{error_kind::io, path, "cannot be read"};
    return bytes;
}

KVT_DECL void write_file(std::string const& path, std::string_view bytes) {
    std::error_code status;
    // A device or a pipe is written to; only files are made anew.
    if (!std::filesystem::exists(path, status) || std::filesystem::is_regular_file(path, status)) {
        whole_file file{path, 10};
        file.write(bytes);
        file.finish();
        return;
    }
    auto const refuse = [&](int code) {
        throw error{error_kind::io, path, std::string{"cannot be written ("} + std::strerror(code) + ")"};
    };
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "wb"), &std::fclose};
    if (!file) refuse(errno);
    bool const written = bytes.empty() || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
    if (!written || std::fflush(file.get()) != 0) refuse(errno);
}

KVT_DECL bool file_exists(std::string const& path) {
    std::error_code status;
    return std::filesystem::exists(path, status);
}

}  // namespace kvt::inline KVT_ABI
