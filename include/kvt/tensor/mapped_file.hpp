// mapped_file: a file's bytes in memory without reading them, or bytes that stand in for a file.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::tensor {

/// What is about to happen to bytes: they are read soon, from front to back; or not again, so that memory need not keep them.
enum class reading : std::uint8_t { soon, done };

/// Read-only bytes that stay where they are when the object moves. A file must not be cut short by others while it is
/// mapped (the operating system ends the process that reads past the new end).
class mapped_file {
  public:
    mapped_file() = default;
    /// Maps a regular file; throws `error{missing|io}` naming it.
    [[nodiscard]] static mapped_file open(std::string const& path);
    /// Takes bytes over instead.
    explicit mapped_file(std::vector<std::byte> bytes);

    mapped_file(mapped_file&& other) noexcept;
    mapped_file& operator=(mapped_file&& other) noexcept;
    ~mapped_file();

    [[nodiscard]] std::span<std::byte const> bytes() const { return bytes_; }
    /// Tells the operating system about a part of `bytes()`, so that a file larger than memory can be read piece by piece.
    /// Changes no byte; of pages that reach beyond the part, nothing is given up. Does nothing for bytes taken over.
    void advise(std::span<std::byte const> part, reading what) const;

  private:
    std::vector<std::byte> owned_;
    std::span<std::byte const> bytes_;
    void* mapped_ = nullptr;
};

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/mapped_file.ipp>
#endif
