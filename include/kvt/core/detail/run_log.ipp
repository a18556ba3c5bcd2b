#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/printable.hpp>
#include <kvt/core/run_log.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace kvt::inline KVT_ABI {
namespace detail {

[[noreturn]] KVT_DECL void refuse_log(std::string const& path, int code) {
    throw error{error_kind::io, path, std::string{"the log cannot be written ("} + std::strerror(code) + ")"};
}

}  // namespace detail

KVT_DECL run_log::run_log(std::string path, log_level least) : path_{std::move(path)}, least_{least} {
    if (path_.empty()) return;
    std::error_code status;
    auto const folder = std::filesystem::path{path_}.parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, status);
    if (status) detail::refuse_log(path_, status.value());
    int const got = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (got < 0) detail::refuse_log(path_, errno);
    if (std::filesystem::is_regular_file(path_, status)) {
        // Where the file system has no locks the log is taken without one.
        bool const taken = ::flock(got, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        int const code = taken || ::ftruncate(got, 0) == 0 ? 0 : errno;
        if (taken || code != 0) ::close(got);
        if (taken)
            throw error{error_kind::io, path_, "another run is writing its log there", "a log of its own for each"};
        if (code != 0) detail::refuse_log(path_, code);
    }
    descriptor_ = got;
}

KVT_DECL run_log::run_log(run_log const& other) : path_{other.path_}, least_{other.least_} {
    if (other.descriptor_ < 0) return;
    descriptor_ = ::fcntl(other.descriptor_, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) detail::refuse_log(path_, errno);
}
KVT_DECL run_log::run_log(run_log&& other) noexcept
    : path_{std::move(other.path_)}, least_{other.least_}, descriptor_{std::exchange(other.descriptor_, -1)} {}
KVT_DECL run_log& run_log::operator=(run_log other) noexcept {
    std::swap(path_, other.path_), std::swap(least_, other.least_), std::swap(descriptor_, other.descriptor_);
    return *this;
}
KVT_DECL run_log::~run_log() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

KVT_DECL void run_log::write(log_level level, std::string_view text, std::string_view utc_time) const {
    if (descriptor_ < 0 || level < least_) return;
    static constexpr std::string_view names[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
    std::string line{utc_time};
    (line += ' ') += names[static_cast<std::size_t>(level)];
    line += ' ';
    line += printable(text);
    line += '\n';
    for (std::string_view rest{line}; !rest.empty();) {
        auto const n = ::write(descriptor_, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) detail::refuse_log(path_, n < 0 ? errno : ENOSPC);
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace kvt::inline KVT_ABI
