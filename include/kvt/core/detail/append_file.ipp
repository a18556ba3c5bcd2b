#pragma once

#include <kvt/core/append_file.hpp>
#include <kvt/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
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

/// Makes the folders above the file; the topmost that was not there, or nothing.
KVT_DECL std::string make_folders(std::string const& path) {
    auto const parent = std::filesystem::path{path}.parent_path();
    std::string topmost;
    std::error_code status;
    for (auto at = parent; !at.empty() && !std::filesystem::exists(at, status); at = at.parent_path())
        topmost = at.string();
    status.clear();
    if (!parent.empty()) std::filesystem::create_directories(parent, status);
    if (status) refuse_append(path, status.value());
    return topmost;
}

/// Removes the file and the folders above it up to the topmost, as far as they are empty.
KVT_DECL void unmake(std::string const& path, std::string const& topmost) noexcept {
    std::error_code status;
    for (std::filesystem::path at = path; at.has_relative_path(); at = at.parent_path()) {
        std::filesystem::remove(at, status);
        if (status || at == topmost) return;
    }
}

}  // namespace detail

KVT_DECL append_file append_file::prepare(std::string path, std::string_view header) {
    append_file out;  // undoes what was done where one of these throws
    out.path_ = std::move(path);
    auto const& name = out.path_;
    out.made_ = detail::make_folders(name);
    constexpr int how = O_RDWR | O_APPEND | O_CLOEXEC;
    out.descriptor_ = ::open(name.c_str(), how);
    if (out.descriptor_ < 0 && errno == ENOENT) {
        out.descriptor_ = ::open(name.c_str(), how | O_CREAT | O_EXCL, 0644);
        if (out.descriptor_ >= 0 && out.made_.empty()) out.made_ = name;
        if (out.descriptor_ < 0 && errno == EEXIST) out.descriptor_ = ::open(name.c_str(), how | O_CREAT, 0644);
    }
    if (out.descriptor_ < 0) detail::refuse_append(name, errno);
    struct ::stat facts {};
    if (::fstat(out.descriptor_, &facts) != 0) detail::refuse_append(name, errno);
    out.header_ = header;
    if (!S_ISREG(facts.st_mode)) return out;
    // Where the file system has no locks the file is taken without one.
    if (::flock(out.descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        out.made_.clear();  // somebody else's by now
        throw error{error_kind::io, name, "is being written by another program", "a file of its own for each"};
    }
    if (::fstat(out.descriptor_, &facts) != 0) detail::refuse_append(name, errno);
    auto const whole = detail::whole_lines(out.descriptor_, facts.st_size, name);
    if (whole != facts.st_size) out.cut_at_ = whole;
    if (whole == 0) return out;
    out.header_.clear();
    std::string first(header.size(), '\0');
    bool const same = whole >= static_cast<::off_t>(header.size()) &&
                      ::pread(out.descriptor_, first.data(), first.size(), 0) == static_cast<::ssize_t>(first.size()) &&
                      first == header;
    if (!same)
        throw error{error_kind::mismatch, name, "holds something else",
                    "no such file, or one that begins with " + std::string{header.substr(0, header.find('\n'))}};
    return out;
}

KVT_DECL append_file::append_file(std::string path, std::string_view header)
    : append_file{prepare(std::move(path), header)} {
    begin();
}

KVT_DECL void append_file::begin() {
    if (cut_at_ >= 0 && ::ftruncate(descriptor_, cut_at_) != 0) detail::refuse_append(path_, errno);
    cut_at_ = -1;
    write(header_);
    header_.clear(), made_.clear();
}

KVT_DECL append_file::~append_file() {
    if (!made_.empty()) detail::unmake(path_, made_);
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
