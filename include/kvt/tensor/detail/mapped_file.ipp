#pragma once

#include <kvt/core/error.hpp>
#include <kvt/tensor/mapped_file.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace kvt::inline KVT_ABI::tensor {

KVT_DECL mapped_file mapped_file::open(std::string const& path) {
    auto const refuse = [&](error_kind kind, int code) {
        return error{kind, path, std::string{"cannot be opened ("} + std::strerror(code) + ")", "a readable file"};
    };
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw refuse(errno == ENOENT ? error_kind::missing : error_kind::io, errno);
    struct stat status {};
    void* mapped = MAP_FAILED;
    int code = ::fstat(file, &status) == 0 ? 0 : errno;
    if (code == 0 && !S_ISREG(status.st_mode)) code = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    auto const size = static_cast<std::size_t>(code == 0 ? status.st_size : 0);
    if (size > 0) {
        mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
        if (mapped == MAP_FAILED) code = errno;
    }
    ::close(file);
    if (code != 0) throw refuse(error_kind::io, code);
    mapped_file result;
    if (size == 0) return result;
    result.mapped_ = mapped;
    result.bytes_ = {static_cast<std::byte const*>(mapped), size};
    return result;
}

KVT_DECL void mapped_file::advise(std::span<std::byte const> part, reading what) const {
    if (mapped_ == nullptr || part.empty() || part.data() < bytes_.data() ||
        part.data() + part.size() > bytes_.data() + bytes_.size())
        return;
    auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::size_t begin = static_cast<std::size_t>(part.data() - bytes_.data()), end = begin + part.size();
    if (what == reading::soon) begin -= begin % page;
    else begin += (page - begin % page) % page, end -= end == bytes_.size() ? 0 : end % page;
    if (begin >= end) return;
    auto* const from = static_cast<std::byte*>(mapped_) + begin;
    if (what == reading::soon) (void)::madvise(from, end - begin, MADV_SEQUENTIAL);
    (void)::madvise(from, end - begin, what == reading::soon ? MADV_WILLNEED : MADV_DONTNEED);
}

KVT_DECL mapped_file::~mapped_file() {
    if (mapped_ != nullptr) ::munmap(mapped_, bytes_.size());
}

KVT_DECL mapped_file::mapped_file(std::vector<std::byte> bytes) : owned_{std::move(bytes)}, bytes_{owned_} {}

KVT_DECL mapped_file::mapped_file(mapped_file&& other) noexcept
    : owned_{std::move(other.owned_)}, bytes_{std::exchange(other.bytes_, {})}, mapped_{std::exchange(other.mapped_,
                                                                                                      nullptr)} {}
KVT_DECL mapped_file& mapped_file::operator=(mapped_file&& other) noexcept {
    std::swap(owned_, other.owned_);
    std::swap(bytes_, other.bytes_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

}  // namespace kvt::inline KVT_ABI::tensor
