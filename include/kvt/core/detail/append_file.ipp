#pragma once

#include <kvt/core/append_file.hpp>
#include <kvt/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace kvt::inline KVT_ABI {
namespace detail {

[[noreturn]] KVT_DECL void refuse_append(std::string const& path, int code) {
    throw error{error_kind::io, path, std::string{"cannot be written ("} + std::strerror(code) + ")"};
}

/// The length of the file without a last line that has no end.
KVT_DECL ::off_t whole_lines(int descriptor, ::off_t size, std::string const& path) {
    char block[4096];
    while (size > 0) {
        auto const want = size < static_cast<::off_t>(sizeof block) ? size : static_cast<::off_t>(sizeof block);
        auto const got = ::pread(descriptor, block, static_cast<std::size_t>(want), size - want);
        if (got != want) refuse_append(path, got < 0 ? errno : EIO);
        for (auto i = want; i > 0; --i)
            if (block[i - 1] == '\n') return size - want + i;
        size -= want;
    }
    return 0;
}

}  // namespace detail

KVT_DECL append_file::append_file(std::string path, std::string_view header) : path_{std::move(path)} {
    std::error_code status;
    if (auto const parent = std::filesystem::path{path_}.parent_path(); !parent.empty())
        std::filesystem::create_directories(parent, status);
    if (status) detail::refuse_append(path_, status.value());
    int const descriptor = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0) detail::refuse_append(path_, errno);
    append_file made;  // closes the file where one of these throws
    made.path_ = path_, made.descriptor_ = descriptor;
    struct ::stat facts {};
    if (::fstat(descriptor, &facts) != 0) detail::refuse_append(path_, errno);
    if (S_ISREG(facts.st_mode) && facts.st_size > 0) {
        auto const whole = detail::whole_lines(descriptor, facts.st_size, path_);
        std::string first(header.size(), '\0');
        bool const same = whole >= static_cast<::off_t>(header.size()) &&
                          ::pread(descriptor, first.data(), first.size(), 0) == static_cast<::ssize_t>(first.size()) &&
                          first == header;
        if (whole > 0 && !same)
            throw error{error_kind::mismatch, path_, "holds something else",
                        "no such file, or one that begins with " + std::string{header.substr(0, header.find('\n'))}};
        if (whole != facts.st_size && ::ftruncate(descriptor, whole) != 0) detail::refuse_append(path_, errno);
        if (whole == 0) made.write(header);
    } else {
        made.write(header);
    }
    *this = std::move(made);
}

KVT_DECL append_file::~append_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

KVT_DECL void append_file::write(std::string_view lines) {
    while (!lines.empty()) {
        auto const written = ::write(descriptor_, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) detail::refuse_append(path_, errno);
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace kvt::inline KVT_ABI
