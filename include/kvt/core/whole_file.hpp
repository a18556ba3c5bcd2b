// whole_file: a file that is written beside its path and takes its name when it is whole.
#pragma once

#include <kvt/version.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace kvt::inline KVT_ABI {

/// Bytes go to `<path>.part`, which is one writer's alone; `finish` gives them the path's name in one step, and without it
/// nothing is left. What a killed program left there is written over. (Where the file system has no locks, the writer's
/// process number ends the name.)
class whole_file {
  public:
    whole_file() = default;
    /// Makes missing folders. Throws `error{io}` naming the path where it cannot be written, or where another writer has
    /// it and does not let go within `patience_s` seconds.
    explicit whole_file(std::string path, double patience_s = 0);
    whole_file(whole_file&& other) noexcept { swap(other); }
    whole_file& operator=(whole_file other) noexcept { return swap(other), *this; }
    ~whole_file();

    [[nodiscard]] bool open() const { return descriptor_ >= 0; }
    /// Appends bytes; throws `error{io}`.
    void write(std::string_view bytes);
    /// For writing at places.
    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// Throws `error{io}`, and then the file that was there before is still there.
    void finish();

  private:
    void swap(whole_file& other) noexcept {
        std::swap(path_, other.path_), std::swap(beside_, other.beside_), std::swap(descriptor_, other.descriptor_);
    }
    [[noreturn]] void refuse(int code) const;
    bool take();
    std::string path_, beside_;
    int descriptor_ = -1;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/whole_file.ipp>
#endif
