#pragma once

#include <kvt/core/csv.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/progress.hpp>
#include <kvt/engine/step_journal.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

template <record R> append_file open_log(std::string const& path) {
    return path.empty() ? append_file{} : append_file::prepare(path, csv_header<R>());
}

/// Adds a row, or leaves the rows as they were.
template <record R> void add_row(std::string& rows, R const& row) {
    auto const before = rows.size();
    try {
        append_csv(rows, row);
    } catch (...) {
        rows.resize(before);
        throw;
    }
}

/// Writes the rows, or ends the log.
KVT_DECL void write_rows(append_file& file, std::string& rows) {
    if (rows.empty()) return;
    try {
        file.write(rows);
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "kvt: %s; this log ends here\n", problem.what());
        file = append_file{};
    }
    rows.clear();
}

}  // namespace detail

KVT_DECL step_journal::step_journal(std::string const& phase_log, std::string const& step_log)
    : phases_{detail::open_log<trace::phase>(phase_log)}, steps_{detail::open_log<trace::logged_step>(step_log)} {
    for (auto* file : {&phases_, &steps_})
        if (file->open()) file->begin();
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    origin_ = std::chrono::duration<double>(since).count() - monotonic_seconds();
    char digits[20];
    auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    run_.assign(digits, std::to_chars(digits, digits + sizeof digits, milliseconds, 36).ptr);
}

KVT_DECL double step_journal::now() const { return origin_ + monotonic_seconds(); }

KVT_DECL std::string step_journal::next_id(std::string const& own) {
    auto out = run_ + "-" + std::to_string(++requests_);
    return own.empty() ? out : out + ":" + own;
}

KVT_DECL void step_journal::add(trace::phase const& ended) {
    if (phases_.open()) detail::add_row(phase_rows_, ended);
}
KVT_DECL void step_journal::add(trace::logged_step const& ended) {
    if (steps_.open()) detail::add_row(step_rows_, ended);
}

KVT_DECL void step_journal::commit() {
    detail::write_rows(steps_, step_rows_);
    detail::write_rows(phases_, phase_rows_);
}

}  // namespace kvt::inline KVT_ABI::engine
