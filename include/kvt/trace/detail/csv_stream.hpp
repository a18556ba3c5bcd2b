// CSV as a stream: whole rows off the front of blocks of text.
#pragma once

#include <kvt/trace/detail/text_blocks.hpp>
#include <kvt/trace/fault.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace kvt::inline KVT_ABI::trace::detail {

/// Where 64 bytes hold a comma, a quote or a line end, one bit each.
inline std::uint64_t csv_marks(char const* text) {
#if defined(__SSE2__)
    auto const is = [](__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    std::uint64_t out = 0;
    for (int part = 0; part < 4; ++part) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(text) + part);
        __m128i const any =
            _mm_or_si128(_mm_or_si128(is(bytes, ','), is(bytes, '"')), _mm_or_si128(is(bytes, '\n'), is(bytes, '\r')));
        out |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(any))) << (16 * part);
    }
    return out;
#else
    std::uint64_t out = 0;
    for (int i = 0; i < 64; ++i) {
        bool const any = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
        out |= static_cast<std::uint64_t>(any) << i;
    }
    return out;
#endif
}

/// Splits CSV (RFC 4180; LF, CR or CRLF) into rows. `Sink` has `head(cells)` for the first row that is not empty and
/// `row(cells, line)` for the others, all as long as the first; empty rows are left out. Rows without quotes go a quick
/// way, along the marks; the others, and all that is wrong, go cell by cell.
template <class Sink> class csv_stream {
  public:
    static constexpr std::size_t longest_row = std::size_t{1} << 24;

    csv_stream(Sink& sink, std::string_view where) : sink_{sink}, where_{where} {}

    /// Takes whole rows off the front of `text` and returns how many bytes these were; `last`: no more text follows.
    std::size_t take(std::string_view text, bool last) {
        std::size_t at = at_start_ && text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        mark(text);
        std::size_t mark = 0;
        while (at < text.size()) {
            std::size_t next = quick(text, at, mark, last);
            if (next == at) {
                next = split(text, at, last);
                cells_.resize(width_);  // as `quick` needs them, whatever was found
                if (next == std::string_view::npos) break;
                while (mark < count_ && marks_[mark] < next) ++mark;
            }
            at_start_ = false;
            at = next;
        }
        if (text.size() - at > longest_row) refuse("a row is longer than 16 MiB");
        return at;
    }
    void finish() const {
        if (width_ == 0) refuse("there is no header");
    }
    [[nodiscard]] std::size_t line() const { return line_; }
    [[noreturn]] void refuse(std::string const& problem) const {
        throw trace_error{fault::bad_csv, where_ + ":" + std::to_string(line_) + ": " + problem};
    }

  private:
    void mark(std::string_view text) {
        if (marks_.size() < text.size()) marks_.resize(text.size());
        auto* out = marks_.data();
        auto const note = [&](std::uint64_t bits, std::size_t base) {
            for (; bits != 0; bits &= bits - 1)
                *out++ = static_cast<std::uint32_t>(base + static_cast<unsigned>(std::countr_zero(bits)));
        };
        std::size_t at = 0;
        for (; at + 64 <= text.size(); at += 64) note(csv_marks(text.data() + at), at);
        if (at < text.size()) {
            char rest[64] = {};
            std::memcpy(rest, text.data() + at, text.size() - at);
            note(csv_marks(rest), at);
        }
        count_ = static_cast<std::size_t>(out - marks_.data());
    }

    /// The row that begins at `at`, if marks end its cells one by one; where the next begins, or `at` where they don't.
    std::size_t quick(std::string_view text, std::size_t at, std::size_t& mark, bool last) {
        if (width_ < 2 || mark + width_ > count_) return at;
        char const* const begin = text.data();
        std::size_t from = at;
        for (std::size_t c = 0; c < width_; ++c) {
            std::size_t const to = marks_[mark + c];
            char const end = begin[to];
            if (c + 1 < width_ ? end != ',' : end != '\n' && end != '\r') return at;
            cells_[c] = {begin + from, to - from};
            from = to + 1;
        }
        std::size_t used = width_;
        if (begin[from - 1] == '\r') {
            if (from == text.size() && !last) return at;  // its line feed may still come
            if (from < text.size() && begin[from] == '\n') ++from, ++used;
        }
        mark += used;
        sink_.row(std::span<std::string_view const>{cells_}, line_);
        ++line_;
        return from;
    }

    /// Reads the row that begins at `at` cell by cell; where the next one begins, or npos where the row is not complete.
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
        give();
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

    /// Hands on what `split` found.
    void give() {
        if (cells_.size() == 1 && cells_[0].empty() && unquoted_.empty()) return;
        if (width_ == 0) {
            width_ = cells_.size();
            return sink_.head(std::span<std::string_view const>{cells_}, line_);
        }
        if (cells_.size() != width_)
            refuse(std::to_string(cells_.size()) + " cells, not " + std::to_string(width_) + " as in the header");
        sink_.row(std::span<std::string_view const>{cells_}, line_);
    }

    Sink& sink_;
    std::string where_;
    std::vector<std::uint32_t> marks_;
    std::size_t count_ = 0;  // of marks
    std::vector<std::string_view> cells_;
    std::vector<std::unique_ptr<std::string>> unquoted_;  // the text of quoted cells, where views can point to
    std::size_t width_ = 0, line_ = 1;
    bool at_start_ = true;
};

/// All rows of a text. `each_block(taken)` hears how many bytes are done.
template <class Sink, class F>
void split_text(std::string_view text, std::string_view where, Sink& sink, F&& each_block) {
    csv_stream<Sink> rows{sink, where};
    for (std::size_t at = 0, size = block_bytes;;) {
        bool const last = text.size() - at <= size;
        std::size_t const taken = rows.take(text.substr(at, size), last);
        at += taken;
        if (last) break;
        each_block(at);
        size = taken == 0 ? 2 * size : block_bytes;  // a row may be longer than a block
    }
    rows.finish();
}

/// All rows of a file; memory holds one block, and the longest row.
template <class Sink, class F> void split_file(std::string const& path, Sink& sink, F&& each_block) {
    text_blocks file{path};
    csv_stream<Sink> rows{sink, path};
    std::string block;
    std::size_t held = 0;  // bytes of a row that is not complete
    for (bool last = false; !last;) {
        if (block.size() < held + block_bytes) block.resize(held + block_bytes);
        std::size_t const n = file.read(block.data() + held, block_bytes);
        last = n < block_bytes;
        std::size_t const taken = rows.take(std::string_view{block}.substr(0, held + n), last);
        each_block(file);
        held = held + n - taken;
        std::memmove(block.data(), block.data() + taken, held);
    }
    rows.finish();
}

}  // namespace kvt::inline KVT_ABI::trace::detail
