// Telemetry notes: what may be kept of a body, cut short and without secrets.
#pragma once

#include <kvt/core/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// The value with every string of more than `most` code points cut there and marked `...[truncated]` (spec I4).
[[nodiscard]] json cut_strings(json const& value, std::size_t most = 1024);

/// One printable line of foreign text: at most `most` code points, control characters and ill-formed bytes replaced.
[[nodiscard]] std::string one_line(std::string_view foreign, std::size_t most = 300);

/// Texts that must not be kept, wherever a server repeats them.
class secret_list {
  public:
    /// Texts of fewer than 8 bytes are left out: they are no keys, and replacing them would tear ordinary words apart.
    void add(std::string_view secret);
    /// `text` with every occurrence of every secret replaced by `<redacted>`; the value with all its strings so.
    [[nodiscard]] std::string redact(std::string text) const;
    [[nodiscard]] json redact_strings(json const& value) const;

  private:
    std::vector<std::string> longest_first_;  ///< so that none leaves a rest of another
};

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/notes.ipp>
#endif
