// training_run: what became of an experiment; a sweep's runs are kept in results.json.
#pragma once

#include <kvt/core/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

enum class run_status : std::uint8_t { completed, failed, skipped };
KVT_CHOICE(run_status, "completed", "failed", "skipped");

/// One row of results.json (scaling-laws 8.2). The last four are written only where they are known.
struct training_run {
    std::string experiment_id{};
    double compute_budget = 0;
    std::int64_t model_size = 0, num_tokens = 0;
    std::optional<double> final_loss{};  ///< null where the run failed
    double actual_flops = 0;
    double wall_time_seconds = 0;
    std::string timestamp{};  ///< UTC, ISO 8601
    run_status status = run_status::completed;
    std::optional<std::string> error_message{};
    std::optional<std::int64_t> actual_params{}, tokens_trained{};
    std::optional<double> epochs{};
    std::optional<std::int64_t> position{};  ///< in the sweep
};
KVT_RECORD(training_run, experiment_id, compute_budget, model_size, num_tokens, final_loss, actual_flops,
           wall_time_seconds, timestamp, status, error_message, actual_params, tokens_trained, epochs, position);

[[nodiscard]] json run_json(training_run const& run);

/// A results file's runs, its rows as they are in it, and what had to be overlooked.
struct results {
    std::vector<training_run> runs{};
    std::vector<json> rows{};
    std::vector<std::string> warnings{};
};

/// Reads the text of a results file. Bare NaN and Infinity, which older files hold, are null; a list that ends in its
/// middle, as a crash may leave it, is taken up to its last whole row, with a warning. Throws `scaling_error{bad_results}`
/// naming the byte where it stops being JSON, or the row and the field.
[[nodiscard]] results parse_results(std::string_view text, std::string_view where = "results.json");

/// Throws `scaling_error{missing_results}` naming the command that makes them, otherwise as `parse_results`.
[[nodiscard]] results read_results(std::string const& path);

/// Writes rows (of `run_json` or of an earlier file) as a whole: a reader sees the old file or the new one.
void write_results(std::string const& path, std::span<json const> rows);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/training_run.ipp>
#endif
