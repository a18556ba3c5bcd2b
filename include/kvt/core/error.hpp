// One exception type for misuse and bad files; a failed request is a record, not an exception.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <exception>
#include <string>

namespace kvt::inline KVT_ABI {

/// Why something was refused. `exit_code` turns it into the process's answer.
enum class error_kind : std::uint8_t {
    usage,      ///< the caller asked for something that does not exist or does not fit together
    missing,    ///< a file, row, variable or prerequisite is not there
    malformed,  ///< bytes that do not follow their format
    mismatch,   ///< well-formed, but it belongs to something else (another experiment, another model)
    io,         ///< the operating system refused to read or write
    work,       ///< the work itself failed (a server, a plot program, a check)
};

/// What went wrong, where, and what would have been right: always one line.
class error : public std::exception {
  public:
    /// `where` names the file, line or key; `problem` what was wrong with it; `expected` what it should have been.
    error(error_kind kind, std::string where, std::string problem, std::string expected = {});

    [[nodiscard]] error_kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::string const& where() const noexcept { return where_; }
    [[nodiscard]] std::string const& problem() const noexcept { return problem_; }
    [[nodiscard]] std::string const& expected() const noexcept { return expected_; }
    [[nodiscard]] char const* what() const noexcept override { return line_.c_str(); }

    /// 1 where the work failed, 2 where the input was bad.
    [[nodiscard]] int exit_code() const noexcept {
        return kind_ == error_kind::work || kind_ == error_kind::io ? 1 : 2;
    }

  private:
    error_kind kind_;
    std::string where_, problem_, expected_, line_;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/error.ipp>
#endif
