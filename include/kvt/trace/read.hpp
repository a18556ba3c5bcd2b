// read: phase tables from CSV, in any column order, as a stream.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/trace/phase.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::trace {

/// The table in CSV text: RFC 4180, LF, CR or CRLF, the first line names the columns, empty lines are left out; of a
/// name that stands twice the first counts. Nothing but the form is checked here (`bad_csv`: no header, a row of
/// another length, a quote that stays open); `where` is named in errors.
[[nodiscard]] table parse_trace(std::string_view text, column_names const& names = {}, std::string_view where = "CSV");

/// The same from a file, plain or packed with gzip, read in blocks: memory holds one block and the columns. `progress` is
/// told of bytes read, packed ones where they are. Throws `file_not_found`, `bad_csv` or `error{io}`.
[[nodiscard]] table read_trace(std::string const& path, column_names const& names = {});
[[nodiscard]] table read_trace(std::string const& path, column_names const& names,
                               function_view<void(std::size_t)> progress);

/// The source stage of a pipeline: a file's table.
struct read {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "read";
    std::string path;
    column_names columns{};

    explicit read(std::string file, column_names names = {}) : path{std::move(file)}, columns{std::move(names)} {}
    [[nodiscard]] table operator()(run_context& context, start) const;
};

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/read.ipp>
#endif
