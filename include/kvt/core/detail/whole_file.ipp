#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/progress.hpp>
#include <kvt/core/whole_file.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kvt::inline KVT_ABI {

KVT_DECL void whole_file::refuse(int code) const {
    throw error{error_kind::io, path_, std::string{"cannot be written ("} + std::strerror(code) + ")"};
}

/// Opens the file beside and locks it; false where another writer has it, or had it until now.
KVT_DECL bool whole_file::take() {
    constexpr int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    int const got = ::open(beside_.c_str(), how, 0666);
    if (got < 0) refuse(errno);
    if (::flock(got, LOCK_EX | LOCK_NB) != 0) {
        bool const taken = errno == EWOULDBLOCK || errno == EINTR;
        ::close(got);
        if (taken) return false;
        ::unlink(beside_.c_str());
        beside_ += std::to_string(::getpid());
        descriptor_ = ::open(beside_.c_str(), how | O_TRUNC, 0666);
        if (descriptor_ < 0) refuse(errno);
        return true;
    }
    // A writer that was done between the two calls has renamed or removed what was opened.
    struct ::stat opened {
    }, named{};
    bool const still = ::fstat(got, &opened) == 0 && ::stat(beside_.c_str(), &named) == 0 &&
                       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
    if (!still || ::ftruncate(got, 0) != 0) {
        int const code = still ? errno : 0;
        ::close(got);
        if (still) refuse(code);
        return false;
    }
    descriptor_ = got;
    return true;
}

KVT_DECL whole_file::whole_file(std::string path, double patience_s)
    : path_{std::move(path)}, beside_{path_ + ".part"} {
    std::error_code status;
    auto const folder = std::filesystem::path{path_}.parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, status);
    if (status) refuse(status.value());
    double const end = monotonic_seconds() + patience_s;
    while (!take()) {
        if (monotonic_seconds() > end)
            throw error{error_kind::io, path_, "is being written by another program", "a file of its own for each"};
        ::usleep(500);
    }
}

KVT_DECL whole_file::~whole_file() {
    if (descriptor_ < 0) return;
    ::unlink(beside_.c_str());  // first, so that it is still this writer's
    ::close(descriptor_);
}

KVT_DECL void whole_file::write(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const n = ::write(descriptor_, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) refuse(n < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

KVT_DECL void whole_file::finish() {
    if (::fsync(descriptor_) != 0 || ::rename(beside_.c_str(), path_.c_str()) != 0) refuse(errno);
    int const closed = ::close(std::exchange(descriptor_, -1));
    if (closed != 0) refuse(errno);
}

}  // namespace kvt::inline KVT_ABI
