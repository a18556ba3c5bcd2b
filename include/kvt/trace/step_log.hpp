// step_log: what an engine writes down of its own steps, to be set beside the phases.
#pragma once

#include <kvt/trace/simulate.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// A step as a row of a log: `step_record`, and how far attention looked.
struct logged_step {
    double t_start = 0, t_end = 0;
    std::int64_t prefill_tokens = 0, decode_tokens = 0;
    /// Cached entries that the step's prefill and decode tokens attended to, averaged over layers and KV heads: what makes a
    /// token dearer the later it stands. Absent where the engine does not say.
    std::optional<double> prefill_attended{}, decode_attended{};

    [[nodiscard]] double seconds() const { return t_end - t_start; }
};
KVT_RECORD(logged_step, t_start, t_end, prefill_tokens, decode_tokens, prefill_attended, decode_attended);

/// Steps from CSV text, columns in any order. Throws `bad_csv` for what is no table of steps, `bad_number` for a step that
/// takes no time or holds a negative number of tokens, naming the row.
[[nodiscard]] std::vector<logged_step> parse_steps(std::string_view text, std::string_view where = "CSV");
/// Throws `file_not_found`, too.
[[nodiscard]] std::vector<logged_step> read_steps(std::string const& path);

[[nodiscard]] inline logged_step logged(step_record const& s) {
    return {
        .t_start = s.t_start, .t_end = s.t_end, .prefill_tokens = s.prefill_tokens, .decode_tokens = s.decode_tokens};
}

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/step_log.ipp>
#endif
