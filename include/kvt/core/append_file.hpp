// append_file: a file that grows row by row, each row whole on the disk's side as soon as it is there.
#pragma once

#include <kvt/version.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace kvt::inline KVT_ABI {

/// A table that is written while things happen. A row goes to the operating system at once, so rows survive the process.
class append_file {
  public:
    append_file() = default;
    /// Opens the file, or makes it with `header` (a line with its end) as its first line; missing folders are made. Rows of
    /// an earlier run stay; one that was cut short is removed. Throws `error{io}` where it cannot be written and
    /// `error{mismatch}` where it begins with another line.
    append_file(std::string path, std::string_view header);
    append_file(append_file&& other) noexcept
        : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
    append_file& operator=(append_file other) noexcept {
        std::swap(path_, other.path_), std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~append_file();

    [[nodiscard]] bool open() const { return descriptor_ >= 0; }
    [[nodiscard]] std::string const& path() const { return path_; }
    /// Appends whole lines. Throws `error{io}`.
    void write(std::string_view lines);

  private:
    std::string path_;
    int descriptor_ = -1;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/append_file.ipp>
#endif
