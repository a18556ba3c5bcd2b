// Definitions of trace/read.hpp.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/trace/detail/csv_stream.hpp>
#include <kvt/trace/read.hpp>

#include <algorithm>
#include <filesystem>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// Puts rows of cells into a table.
class table_sink {
  public:
    explicit table_sink(column_names const& names) { out.names = names; }

    void head(std::span<std::string_view const> cells, std::size_t line) {
        auto const names = out.names.all();
        for (std::size_t c = 0; c < column_count; ++c) {
            auto const found = std::ranges::find(cells, names[c]);
            out.present[c] = found != cells.end();
            place_[c] = static_cast<std::size_t>(found - cells.begin());
        }
        out.header_line = line;
    }
    void row(std::span<std::string_view const> cells, std::size_t line) {
        table::cells row;
        for (std::size_t c = 0; c < column_count; ++c)
            if (out.present[c]) row[c] = cells[place_[c]];
        out.add(row, line);
    }
    /// Once, when the first rows are there: room for as many as the whole will have, if they go on like this.
    void expect(std::uint64_t done, std::uint64_t all) {
        if (expected_ || out.size() == 0 || done == 0) return;
        expected_ = true;
        double const share = 1.03 * static_cast<double>(all) / static_cast<double>(done);
        if (all > done) out.reserve(static_cast<std::size_t>(static_cast<double>(out.size()) * share) + 64);
    }

    table out;

  private:
    std::array<std::size_t, column_count> place_{};
    bool expected_ = false;
};

}  // namespace detail

KVT_DECL table parse_trace(std::string_view text, column_names const& names, std::string_view where) {
    detail::table_sink sink{names};
    detail::split_text(text, where, sink, [&](std::size_t done) { sink.expect(done, text.size()); });
    return std::move(sink.out);
}

KVT_DECL table read_trace(std::string const& path, column_names const& names,
                          function_view<void(std::size_t)> progress) {
    detail::table_sink sink{names};
    std::uint64_t told = 0;
    detail::split_file(path, sink, [&](detail::text_blocks const& file) {
        if (!file.packed()) sink.expect(file.position(), file.size());
        progress(file.position() - told);
        told = file.position();
    });
    return std::move(sink.out);
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
