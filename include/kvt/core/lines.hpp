// A file read line by line through a buffer of bounded size.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// Lines end at `\n`; a `\r` before it belongs to the line end; the last line may have none. A byte-order mark at the
/// file's start is skipped. Memory stays below the line limit and one block.
class line_reader {
  public:
    /// Throws `error{missing|usage|io}` naming the file (`usage`: it is a folder).
    line_reader(std::string path, std::size_t max_line_bytes);
    ~line_reader();
    line_reader(line_reader const&) = delete;
    line_reader& operator=(line_reader const&) = delete;

    /// Moves to the next line; false at the end. Throws `error{io}`.
    bool next();

    /// The line's bytes, valid until the next call; empty where the line is too long.
    [[nodiscard]] std::string_view line() const { return line_; }
    /// The line's number, from 1.
    [[nodiscard]] std::size_t number() const { return number_; }
    /// The line had more bytes than allowed and was passed over.
    [[nodiscard]] bool too_long() const { return too_long_; }
    /// `file:line`, for messages.
    [[nodiscard]] std::string where() const { return path_ + ":" + std::to_string(number_); }

  private:
    bool fill();

    std::string path_;
    std::size_t limit_;
    std::FILE* file_;
    std::string buffer_;
    std::size_t begin_ = 0;     ///< first byte of the buffer not yet handed out
    std::size_t searched_ = 0;  ///< bytes before it hold no line end
    bool ended_ = false;
    std::string_view line_;
    std::size_t number_ = 0;
    bool too_long_ = false;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/lines.ipp>
#endif
