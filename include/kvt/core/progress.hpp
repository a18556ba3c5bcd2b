// Progress on standard error: one moving bar on a terminal, plain lines otherwise.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// How to show progress; `automatic` draws bars where the stream is a terminal.
enum class progress_style : std::uint8_t { automatic, bar, lines, silent };

/// Where progress goes. Cheap to copy; must outlive the tasks it starts. A task belongs to one thread at a time;
/// callers with several threads advance it under their own lock.
class progress_meter {
  public:
    /// Plain lines come at most once in `lines_every_s` seconds; the end of a task always has one.
    explicit progress_meter(progress_style style = progress_style::automatic, std::FILE* stream = stderr,
                            double lines_every_s = 2);

    /// One stretch of work of known or unknown (0) length. Draws at most ten times a second; the last state stays.
    class task {
      public:
        task(progress_meter const& meter, std::string title, std::uint64_t total, std::string unit);
        ~task();
        task(task const&) = delete;
        task& operator=(task const&) = delete;
        void advance(std::uint64_t steps = 1);
        void note(std::string_view text);  ///< shown behind the counts, for instance the current loss

      private:
        void draw(bool last);
        progress_meter const& meter_;
        std::string title_, unit_, note_;
        std::uint64_t total_, done_ = 0;
        double started_, drawn_ = 0;
        unsigned reported_tenths_ = 0;
    };

    /// `title` of the work, `total` steps (0: unknown), `unit` of one step.
    [[nodiscard]] task begin(std::string title, std::uint64_t total, std::string unit = "") const {
        return {*this, std::move(title), total, std::move(unit)};
    }
    /// One line, above any bar.
    void say(std::string_view line) const;

  private:
    progress_style style_;
    std::FILE* stream_;
    double lines_every_s_;
};

/// Seconds since an arbitrary start that never go back.
[[nodiscard]] double monotonic_seconds();

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/progress.ipp>
#endif
