// Definitions of trace/read.hpp.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/trace/read.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// Splits CSV into rows as blocks of text come in, and puts them into a table.
class trace_scanner {
  public:
    static constexpr std::size_t longest_row = std::size_t{1} << 24;

    trace_scanner(column_names const& names, std::string_view where) : where_{where} { table_.names = names; }

    /// Takes whole rows off the front of `text` and returns how many bytes these were; `last`: no more text follows.
    std::size_t take(std::string_view text, bool last) {
        std::size_t at = 0;
        if (at_start_ && text.starts_with("\xEF\xBB\xBF")) at = 3;
        while (at < text.size()) {
            std::size_t const next = split(text, at, last);
            if (next == std::string_view::npos) break;
            at_start_ = false;
            at = next;
        }
        if (text.size() - at > longest_row) refuse("a row is longer than 16 MiB");
        return at;
    }
    table finish() {
        if (!header_) refuse("there is no header");
        return std::move(table_);
    }

  private:
    [[noreturn]] void refuse(std::string const& problem) const {
        throw trace_error{fault::bad_csv, where_ + ":" + std::to_string(line_) + ": " + problem};
    }

    /// Reads the row that begins at `at`; where the next one begins, or npos where the row is not complete.
    std::size_t split(std::string_view text, std::size_t at, bool last) {
        cells_.clear();
        unquoted_.clear();
        std::size_t lines = 0;
        for (;;) {
            if (at < text.size() && text[at] == '"') {
                std::size_t const next = quoted(text, at + 1, lines, last);
                if (next == std::string_view::npos) return next;
                at = next;
            } else {
                std::size_t end = at;
                while (end < text.size() && text[end] != ',' && text[end] != '\n' && text[end] != '\r') ++end;
                cells_.push_back(text.substr(at, end - at));
                at = end;
            }
            if (at >= text.size() || text[at] != ',') break;
            ++at;
        }
        if (at >= text.size() && !last) return std::string_view::npos;
        if (at < text.size() && text[at] == '\r') {
            ++at;
            if (at >= text.size() && !last) return std::string_view::npos;  // its line feed may still come
        }
        if (at < text.size() && text[at] == '\n') ++at;
        row();
        line_ += lines + 1;
        return at;
    }

    /// A quoted cell whose text begins at `at`; returns the place behind it.
    std::size_t quoted(std::string_view text, std::size_t at, std::size_t& lines, bool last) {
        auto& cell = *unquoted_.emplace_back(std::make_unique<std::string>());
        for (;; ++at) {
            if (at + 1 >= text.size() && !last) return std::string_view::npos;
            if (at >= text.size()) refuse("a quoted cell is not closed");
            if (text[at] == '\n') ++lines;
            if (text[at] == '"') {
                if (at + 1 >= text.size() || text[at + 1] != '"') break;
                ++at;
            }
            cell += text[at];
        }
        for (++at; at < text.size() && text[at] != ',' && text[at] != '\n' && text[at] != '\r'; ++at) cell += text[at];
        if (at >= text.size() && !last) return std::string_view::npos;
        cells_.emplace_back(cell);
        return at;
    }

    void row() {
        if (cells_.size() == 1 && cells_[0].empty() && unquoted_.empty()) return;
        if (!header_) return head();
        if (cells_.size() != width_)
            refuse(std::to_string(cells_.size()) + " cells, not " + std::to_string(width_) + " as in the header");
        table::cells row;
        for (std::size_t c = 0; c < column_count; ++c)
            if (table_.present[c]) row[c] = cells_[place_[c]];
        table_.add(row, line_);
    }
    void head() {
        header_ = true;
        width_ = cells_.size();
        auto const names = table_.names.all();
        for (std::size_t c = 0; c < column_count; ++c) {
            auto const found = std::ranges::find(cells_, names[c]);
            table_.present[c] = found != cells_.end();
            place_[c] = static_cast<std::size_t>(found - cells_.begin());
        }
    }

    std::string where_;
    table table_;
    std::vector<std::string_view> cells_;
    std::vector<std::unique_ptr<std::string>> unquoted_;  // the text of quoted cells, where views can point to
    std::array<std::size_t, column_count> place_{};
    std::size_t width_ = 0, line_ = 1;
    bool header_ = false, at_start_ = true;
};

}  // namespace detail

KVT_DECL table parse_trace(std::string_view text, column_names const& names, std::string_view where) {
    detail::trace_scanner scanner{names, where};
    (void)scanner.take(text, true);
    return scanner.finish();
}

KVT_DECL table read_trace(std::string const& path, column_names const& names,
                          function_view<void(std::size_t)> progress) {
    std::error_code status;
    if (std::filesystem::is_directory(path, status)) throw error{error_kind::io, path, "is a folder", "a CSV file"};
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(path.c_str(), "rb"), &std::fclose};
    if (!file && errno == ENOENT) throw trace_error{fault::file_not_found, path};
    if (!file) throw error{error_kind::io, path, std::string{"cannot be opened ("} + std::strerror(errno) + ")"};
    detail::trace_scanner scanner{names, path};
    std::string block;
    std::size_t held = 0;  // bytes of a row that is not complete
    constexpr std::size_t step = std::size_t{1} << 20;
    for (bool last = false; !last;) {
        block.resize(held + step);
        std::size_t const n = std::fread(block.data() + held, 1, step, file.get());
        if (std::ferror(file.get()) != 0) throw error{error_kind::io, path, "cannot be read"};
        last = n < step;
        progress(n);
        std::size_t const taken = scanner.take(std::string_view{block}.substr(0, held + n), last);
        held = held + n - taken;
        std::memmove(block.data(), block.data() + taken, held);
    }
    return scanner.finish();
}
KVT_DECL table read_trace(std::string const& path, column_names const& names) {
    return read_trace(path, names, [](std::size_t) {});
}

KVT_DECL table read::operator()(run_context& context, start) const {
    std::error_code status;
    auto const bytes = std::filesystem::file_size(path, status);
    constexpr std::uintmax_t large = 1 << 24;
    if (status || bytes < large) return read_trace(path, columns);
    auto task = context.progress.begin("reading " + path, bytes, "B");
    return read_trace(path, columns, [&](std::size_t n) { task.advance(n); });
}

}  // namespace kvt::inline KVT_ABI::trace
