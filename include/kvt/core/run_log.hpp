// run_log: what was done and found, line by line, each with its time and level.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

enum class log_level : std::uint8_t { debug, info, warning, error };

/// A text file that replaces an earlier one and is complete up to its last entry at any time. An entry is one line:
/// `<UTC time> <LEVEL> <text>`, line ends within the text shown as spaces.
class run_log {
  public:
    /// Keeps entries of at least that level. Throws `error{io}` naming the path; an empty path keeps nothing.
    explicit run_log(std::string path, log_level least = log_level::info);

    void write(log_level level, std::string_view text, std::string_view utc_time) const;

    [[nodiscard]] std::string const& path() const { return path_; }

  private:
    std::string path_;
    log_level least_;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/run_log.ipp>
#endif
