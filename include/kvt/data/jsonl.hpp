// JSON Lines: one value a line, streamed; a broken line stops the reading or is noted and passed over.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/lines.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// What a row that cannot be read does: stop everything, or be left out and counted.
enum class bad_rows : std::uint8_t { stop, skip };
KVT_CHOICE(bad_rows, "stop", "skip");

/// How to read a file of rows.
struct reading {
    bad_rows on_bad_row = bad_rows::stop;
    std::int64_t max_line_bytes = std::int64_t{64} << 20;
};
KVT_RECORD(reading, on_bad_row, max_line_bytes);

/// What was left out.
struct skipped_rows {
    std::size_t count = 0;
    std::vector<std::string> first;  ///< up to ten messages, each naming file and line

    void add(std::string message) {
        constexpr std::size_t shown = 10;
        ++count;
        if (first.size() < shown) first.push_back(std::move(message));
    }
};

/// Reads a file's values in order; blank lines are passed over.
class jsonl_reader {
  public:
    /// Throws `error{missing|io}` naming the file.
    explicit jsonl_reader(std::string path, reading how = {});

    /// The next value into `row`; false at the end. Throws `error{malformed}` naming `file:line` on a line that is not
    /// JSON in UTF-8, is longer than allowed or nests too deeply; under `bad_rows::skip` notes it and goes on.
    bool next(json& row);

    [[nodiscard]] std::string where() const { return lines_.where(); }
    [[nodiscard]] std::size_t line_number() const { return lines_.number(); }
    [[nodiscard]] skipped_rows const& skipped() const { return skipped_; }

  private:
    line_reader lines_;
    reading how_;
    skipped_rows skipped_;
};

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/jsonl.ipp>
#endif
