// buckets: runs of nearly the same compute budget, told by one rule wherever budgets are grouped.
#pragma once

#include <kvt/core/record.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

struct training_run;

/// A run as analysis sees it. Sizes are real because optima need not lie on whole ones.
struct run_point {
    double compute_budget = 0, model_size = 0, num_tokens = 0, final_loss = 0;
    friend bool operator==(run_point const&, run_point const&) = default;
};
KVT_RECORD(run_point, compute_budget, model_size, num_tokens, final_loss);

/// The whole number nearest (ties to even) to 10^decimals · log10(C); C above 0.
[[nodiscard]] std::int64_t bucket_key(double compute_budget, std::int64_t decimals = 2);

/// Rows whose budgets have one key, in file order.
struct bucket {
    std::int64_t key = 0;
    std::vector<std::size_t> rows{};
};

/// Ascending. Rows whose loss is not finite, or whose budget is not finite and above 0, are in none; a bucket of such rows
/// alone does not exist.
[[nodiscard]] std::vector<bucket> buckets_of(std::span<run_point const> points, std::int64_t decimals = 2);

/// The points of completed runs, and what was left out of them.
struct usable_runs {
    std::vector<run_point> points{};
    std::vector<std::string> warnings{};
};

/// Completed runs; those whose loss is not finite or whose C, N or D is not above 0 are left out with a warning. Throws
/// `scaling_error{no_completed_runs}` where nothing is left.
[[nodiscard]] usable_runs usable(std::span<training_run const> runs, std::string const& where = "results.json");

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/buckets.ipp>
#endif
