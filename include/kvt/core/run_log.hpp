// run_log: what was done and found, line by line, each with its time and level.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

enum class log_level : std::uint8_t { debug, info, warning, error };

/// A text file of one run: it replaces an earlier one and is complete up to its last entry at any time. An entry is one
/// line: `<UTC time> <LEVEL> <text>`, line ends within the text shown as spaces. Copies write to the same file.
class run_log {
  public:
    /// Keeps entries of at least that level. Throws `error{io}` naming the path where it cannot be written or another run
    /// is writing to it; an empty path keeps nothing.
    explicit run_log(std::string path, log_level least = log_level::info);
    run_log(run_log const& other);
    run_log(run_log&& other) noexcept;
    run_log& operator=(run_log other) noexcept;
    ~run_log();

    void write(log_level level, std::string_view text, std::string_view utc_time) const;

    [[nodiscard]] std::string const& path() const { return path_; }

  private:
    std::string path_;
    log_level least_;
    int descriptor_ = -1;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/run_log.ipp>
#endif
