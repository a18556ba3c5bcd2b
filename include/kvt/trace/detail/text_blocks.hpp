// A file's text in blocks, unpacked where it is gzip.
#pragma once

#include <kvt/trace/fault.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::trace::detail {

/// Bytes asked of a file at a time: small enough for a core's own cache.
inline constexpr std::size_t block_bytes = std::size_t{1} << 18;

/// Reads a file from its start to its end; what begins like gzip is unpacked. Throws `file_not_found`, `bad_csv` where
/// packed data are damaged or end early, or `error{io}`.
class text_blocks {
  public:
    explicit text_blocks(std::string path);
    ~text_blocks();
    text_blocks(text_blocks const&) = delete;
    text_blocks& operator=(text_blocks const&) = delete;

    /// Fills `room` bytes (at most 1 GiB); fewer at the end alone.
    [[nodiscard]] std::size_t read(char* into, std::size_t room);
    [[nodiscard]] std::uint64_t position() const;               ///< bytes of the file that are done with
    [[nodiscard]] std::uint64_t size() const { return size_; }  ///< of the file; 0 where it is none, but a pipe
    [[nodiscard]] bool packed() const;

  private:
    std::string path_;
    void* file_ = nullptr;
    std::uint64_t size_ = 0, given_ = 0;
};

}  // namespace kvt::inline KVT_ABI::trace::detail

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/text_blocks.ipp>
#endif
