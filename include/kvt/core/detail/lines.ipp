#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/lines.hpp>

#include <cerrno>
#include <cstring>

namespace kvt::inline KVT_ABI {

namespace detail {
inline constexpr std::size_t line_block = std::size_t{1} << 18;

[[noreturn]] KVT_DECL void refuse_lines(std::string const& path, char const* what, int code) {
    if (code == EISDIR) throw error{error_kind::usage, path, "is a folder", "a file"};
    throw error{code == ENOENT ? error_kind::missing : error_kind::io, path,
                std::string{what} + " (" + std::strerror(code) + ")", "a readable file"};
}
}  // namespace detail

KVT_DECL line_reader::line_reader(std::string path, std::size_t max_line_bytes)
    : path_{std::move(path)}, limit_{max_line_bytes}, file_{std::fopen(path_.c_str(), "rb")} {
    if (file_ == nullptr) detail::refuse_lines(path_, "cannot be opened", errno);
    try {
        fill();
    } catch (...) {
        std::fclose(file_);
        throw;
    }
    if (std::string_view{buffer_}.starts_with("\xEF\xBB\xBF")) begin_ = searched_ = 3;
}

KVT_DECL line_reader::~line_reader() { std::fclose(file_); }

/// Drops what was handed out and appends one block; false at the file's end.
KVT_DECL bool line_reader::fill() {
    if (ended_) return false;
    buffer_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    auto const old = buffer_.size();
    buffer_.resize(old + detail::line_block);
    auto const got = std::fread(buffer_.data() + old, 1, detail::line_block, file_);
    buffer_.resize(old + got);
    if (std::ferror(file_) != 0) detail::refuse_lines(path_, "cannot be read", errno);
    ended_ = got == 0;
    return !ended_;
}

KVT_DECL bool line_reader::next() {
    too_long_ = false;
    for (;;) {
        auto const end = buffer_.find('\n', searched_);
        bool const found = end != std::string::npos;
        if (!found) {
            searched_ = buffer_.size();
            if (searched_ - begin_ > limit_ + 1) {  // one more for a `\r`
                too_long_ = true;
                begin_ = searched_;
            }
            if (fill()) continue;
            if (begin_ == buffer_.size() && !too_long_) return false;
        }
        auto const stop = found ? end : buffer_.size();
        line_ = std::string_view{buffer_}.substr(begin_, stop - begin_);
        if (found && line_.ends_with('\r')) line_.remove_suffix(1);
        if (line_.size() > limit_) too_long_ = true;
        if (too_long_) line_ = {};
        begin_ = searched_ = found ? stop + 1 : stop;
        ++number_;
        return true;
    }
}

}  // namespace kvt::inline KVT_ABI
