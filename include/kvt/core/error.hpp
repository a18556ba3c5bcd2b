// One exception type for misuse and bad files; a failed request is a record, not an exception.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

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
    error(error_kind kind, std::string where, std::string problem, std::string expected = {})
        : kind_{kind}, where_{std::move(where)}, problem_{std::move(problem)}, expected_{std::move(expected)},
          line_{where_.empty() ? problem_ : where_ + ": " + problem_} {
        if (!expected_.empty()) line_ += "; expected " + expected_;
        for (char& c : line_)
            if (c == '\n' || c == '\r') c = ' ';
    }

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

/// The candidate nearest to `word` by edit distance, or empty when none is within `farthest` changes.
template <class Range>
[[nodiscard]] std::string nearest_name(std::string_view word, Range const& candidates, std::size_t farthest) {
    std::string best;
    std::size_t best_distance = farthest + 1;
    for (std::string_view candidate : candidates) {
        std::string row(candidate.size() + 1, '\0');  // distances fit a byte: names are short
        if (candidate.size() > 200 || word.size() > 200) continue;
        for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = static_cast<char>(j);
        for (std::size_t i = 1; i <= word.size(); ++i) {
            auto diagonal = static_cast<unsigned char>(row[0]);
            row[0] = static_cast<char>(i);
            for (std::size_t j = 1; j <= candidate.size(); ++j) {
                auto const above = static_cast<unsigned char>(row[j]);
                auto const left = static_cast<unsigned char>(row[j - 1]);
                unsigned const swapped = diagonal + (word[i - 1] == candidate[j - 1] ? 0U : 1U);
                unsigned const moved = (above < left ? above : left) + 1U;
                diagonal = above;
                row[j] = static_cast<char>(swapped < moved ? swapped : moved);
            }
        }
        auto const distance = static_cast<std::size_t>(static_cast<unsigned char>(row[candidate.size()]));
        if (distance < best_distance) best_distance = distance, best = candidate;
    }
    return best;
}

/// The candidate nearest to `word`, or empty when none is near (more than a third differs).
/// For messages of the form "unknown key `buget`; did you mean `budget`?".
template <class Range> [[nodiscard]] std::string nearest_name(std::string_view word, Range const& candidates) {
    return nearest_name(word, candidates, word.size() / 3);
}

}  // namespace kvt::inline KVT_ABI
