// check: a table's rows as phases with step counts and durations, after every check.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/trace/phase.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// How steps are inferred, and how short a phase may be.
struct step_rule {
    double chunk_size;            ///< most prompt tokens of one request in one step; may be fractional
    double min_duration_sec = 0;  ///< shorter phases count as this long; 0 or less: no clamp

    /// Throws `bad_chunk_size` or `bad_option`.
    void check() const;
};

/// Whether estimators look at prompt tokens even where a step column makes them needless for counting steps.
enum class prompt_use : std::uint8_t { unused, needed };

/// Rows are numbered in 32 bits, and each has two times.
inline constexpr std::size_t most_rows = (std::size_t{1} << 31) - 1;

/// A checked trace, column by column.
struct phases {
    step_rule rule;
    std::vector<phase_kind> kind{};
    std::vector<double> t_start{}, t_end{};
    std::vector<double> steps{};     ///< n: steps the phase took part in
    std::vector<double> duration{};  ///< y: seconds, clamped
    std::vector<double> tokens{};    ///< prompt tokens of prefills, decode tokens of decodes; NaN where unknown
    text_column request_id{};
    row_lines lines{};

    [[nodiscard]] std::size_t size() const { return kind.size(); }
    [[nodiscard]] double density(std::size_t row) const { return steps[row] / duration[row]; }  ///< steps a second
};

/// All checks, in their order; the first that fails is thrown as a `trace_error`.
[[nodiscard]] phases check_trace(table rows, step_rule rule, prompt_use prompts);

/// The stage between `read` and `expose`: `check{{.chunk_size = 64}, baseline{}, iterative{}}` names the estimators that
/// follow, because they decide which columns are needed and because wrong options are refused before any row is read.
struct check {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "check";
    step_rule rule;
    prompt_use prompts = prompt_use::unused;

    template <class... Estimators> explicit check(step_rule how, Estimators const&... estimators) : rule{how} {
        rule.check();
        (estimators.check(), ...);
        if ((false || ... || (estimators.prompts() == prompt_use::needed))) prompts = prompt_use::needed;
    }
    [[nodiscard]] phases operator()(run_context&, table rows) const {
        return check_trace(std::move(rows), rule, prompts);
    }
};

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/check.ipp>
#endif
