#pragma once

#include <kvt/data/jsonl.hpp>

namespace kvt::inline KVT_ABI::data {

KVT_DECL jsonl_reader::jsonl_reader(std::string path, reading how)
    : lines_{std::move(path), how.max_line_bytes > 0 ? static_cast<std::size_t>(how.max_line_bytes) : 0}, how_{how} {}

KVT_DECL bool jsonl_reader::next(json& row) {
    while (lines_.next()) {
        if (!lines_.too_long() && lines_.line().find_first_not_of(" \t\r\v\f") == std::string_view::npos) continue;
        try {
            if (lines_.too_long())
                throw error{error_kind::malformed, lines_.where(), "the line is too long",
                            "at most " + std::to_string(how_.max_line_bytes) + " bytes"};
            row = parse_json(lines_.line(), lines_.where());
            return true;
        } catch (error const& problem) {
            if (how_.on_bad_row == bad_rows::stop) throw;
            skipped_.add(problem.what());
        }
    }
    return false;
}

}  // namespace kvt::inline KVT_ABI::data
