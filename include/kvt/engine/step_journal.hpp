// step_journal: the phase log and the step log of one engine, written as things end.
#pragma once

#include <kvt/core/append_file.hpp>
#include <kvt/trace/step_log.hpp>

#include <cstdint>
#include <string>

namespace kvt::inline KVT_ABI::engine {

/// Two CSV files, each optional: phases as `trace::read_trace` reads them, steps as `trace::read_steps` does. Rows reach the
/// operating system with `commit`, so those of ended steps survive the process, however it ends; a later run appends.
///
/// Times are seconds since 1970: the system's clock at construction, and from then on a clock that never goes back. Request
/// ids are made unique over all runs, `<start of the run>-<number>[:<the request's own id>]`.
class step_journal {
  public:
    step_journal() = default;
    /// Opens the files that are named; throws `error{io}` or `error{mismatch}` as `append_file` does. Where one of them is
    /// refused, nothing is left of the other.
    step_journal(std::string const& phase_log, std::string const& step_log);

    [[nodiscard]] double now() const;
    /// The id of one more request.
    [[nodiscard]] std::string next_id(std::string const& own);

    void add(trace::phase const& ended);
    void add(trace::logged_step const& ended);
    /// Writes what was added. Where that fails (a full disk), says so once on standard error and ends that log: the engine
    /// goes on answering.
    void commit();

  private:
    append_file phases_, steps_;
    std::string phase_rows_, step_rows_, run_;
    double origin_ = 0;  ///< of the clock
    std::int64_t requests_ = 0;
};

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/step_journal.ipp>
#endif
