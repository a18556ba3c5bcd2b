// append_file: a file that grows row by row, each row whole on the disk's side as soon as it is there.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kvt::inline KVT_ABI {

/// A table that is written while things happen. A row goes to the operating system at once, so rows survive the process.
class append_file {
  public:
    append_file() = default;
    /// Opens the file, or makes it with `header` (a line with its end) as its first line; missing folders are made. Rows of
    /// an earlier run stay; one that was cut short is removed. Throws `error{io}` where it cannot be written or another
    /// `append_file` of any process has it open, and `error{mismatch}` where it begins with another line.
    append_file(std::string path, std::string_view header);
    /// The same, but the file's bytes stay as they are until `begin`; if that is never called, what was made goes again.
    [[nodiscard]] static append_file prepare(std::string path, std::string_view header);
    void begin();
    append_file(append_file&& other) noexcept { swap(other); }
    append_file& operator=(append_file other) noexcept { return swap(other), *this; }
    ~append_file();

    [[nodiscard]] bool open() const { return descriptor_ >= 0; }
    [[nodiscard]] std::string const& path() const { return path_; }
    /// Appends whole lines. Throws `error{io}`.
    void write(std::string_view lines);

  private:
    void swap(append_file& other) noexcept {
        std::swap(path_, other.path_), std::swap(header_, other.header_), std::swap(made_, other.made_);
        std::swap(cut_at_, other.cut_at_), std::swap(descriptor_, other.descriptor_);
    }
    std::string path_;
    // Until it has begun.
    std::string header_;        ///< to be written
    std::string made_;          ///< the topmost folder that was made for it, or the file; empty: neither
    std::int64_t cut_at_ = -1;  ///< the length without a row that was cut short; -1: it stays
    int descriptor_ = -1;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/append_file.ipp>
#endif
