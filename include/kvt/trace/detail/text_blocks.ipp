// Definitions of trace/detail/text_blocks.hpp.
#pragma once

#include <kvt/trace/detail/text_blocks.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace kvt::inline KVT_ABI::trace::detail {

KVT_DECL text_blocks::text_blocks(std::string path) : path_{std::move(path)} {
    struct stat facts {};
    int const file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) throw trace_error{fault::file_not_found, path_};
    if (file < 0) throw error{error_kind::io, path_, std::string{"cannot be opened ("} + std::strerror(errno) + ")"};
    bool const known = ::fstat(file, &facts) == 0;
    bool const folder = known && S_ISDIR(facts.st_mode);
    if (known && S_ISREG(facts.st_mode)) size_ = static_cast<std::uint64_t>(facts.st_size);
    file_ = folder ? nullptr : ::gzdopen(file, "rb");
    if (file_ == nullptr) ::close(file);
    if (folder) throw error{error_kind::usage, path_, "is a folder", "a CSV file"};
    if (file_ == nullptr) throw error{error_kind::io, path_, "cannot be read: no memory for it"};
    ::gzbuffer(static_cast<gzFile>(file_), 1 << 16);
}
KVT_DECL text_blocks::~text_blocks() { ::gzclose(static_cast<gzFile>(file_)); }

KVT_DECL std::size_t text_blocks::read(char* into, std::size_t room) {
    auto* const file = static_cast<gzFile>(file_);
    int const n = ::gzread(file, into, static_cast<unsigned>(room));
    int code = Z_OK;
    char const* const words = ::gzerror(file, &code);
    if (code == Z_ERRNO)
        throw error{error_kind::io, path_, std::string{"cannot be read ("} + std::strerror(errno) + ")"};
    if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
        throw trace_error{fault::bad_csv, path_ + ": damaged gzip data (" + words + ")"};
    given_ += static_cast<std::size_t>(n);
    return static_cast<std::size_t>(n);
}

KVT_DECL std::uint64_t text_blocks::position() const {
    auto const at = ::gzoffset(static_cast<gzFile>(file_));
    return at < 0 ? given_ : static_cast<std::uint64_t>(at);
}
KVT_DECL bool text_blocks::packed() const { return ::gzdirect(static_cast<gzFile>(file_)) == 0; }

}  // namespace kvt::inline KVT_ABI::trace::detail
