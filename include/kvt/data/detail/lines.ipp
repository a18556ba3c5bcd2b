#pragma once

#include <kvt/core/error.hpp>
#include <kvt/data/lines.hpp>

#include <cerrno>
#include <cstring>

namespace kvt::inline KVT_ABI::data {

namespace detail {
inline constexpr std::size_t block_bytes = std::size_t{1} << 18;
}

KVT_DECL line_reader::line_reader(std::string path, std::size_t max_line_bytes)
    : path_{std::move(path)}, limit_{max_line_bytes}, file_{std::fopen(path_.c_str(), "rb")} {
    if (file_ == nullptr) {
        auto const reason = errno;
        throw error{reason == ENOENT ? error_kind::missing : error_kind::io, path_, std::strerror(reason)};
    }
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
    buffer_.resize(old + detail::block_bytes);
    auto const got = std::fread(buffer_.data() + old, 1, detail::block_bytes, file_);
    buffer_.resize(old + got);
    if (std::ferror(file_) != 0) throw error{error_kind::io, path_, std::strerror(errno)};
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

}  // namespace kvt::inline KVT_ABI::data
