// experiment: one training run as planned; a sweep is a list of them, kept in sweep.json.
#pragma once

#include <kvt/core/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// A model of `model_size` parameters to be trained on `num_tokens` tokens for about `compute_budget` FLOPs.
struct experiment {
    std::string experiment_id{};
    double compute_budget = 0;
    std::int64_t model_size = 0, num_tokens = 0;
    double tokens_per_param = 0;            ///< num_tokens / model_size; 0 where that is 0
    std::optional<double> learning_rate{};  ///< of this size, where the plan has a rule for it
    friend bool operator==(experiment const&, experiment const&) = default;
};
KVT_RECORD(experiment, experiment_id, compute_budget, model_size, num_tokens, tokens_per_param, learning_rate);

/// `exp_` and the number with at least four digits.
[[nodiscard]] std::string experiment_id(std::size_t number);

/// The sweep as its file has it (scaling-laws 8.1); `learning_rate` only where it is set.
[[nodiscard]] json sweep_json(std::span<experiment const> sweep);

/// A list of experiments: further fields are ignored, whole numbers may be written as 1e7. Sizes, tokens and budgets that
/// cannot be trained are not refused here (they become failed runs). Throws `scaling_error{bad_sweep}` naming index and
/// field where one of the four fields is missing or of another type, or an id is there twice.
[[nodiscard]] std::vector<experiment> parse_sweep(json const& document, std::string_view where = "sweep.json");

/// Throws `scaling_error{missing_sweep}` naming the command that makes one, otherwise as `parse_sweep`.
[[nodiscard]] std::vector<experiment> read_sweep(std::string const& path);
void write_sweep(std::string const& path, std::span<experiment const> sweep);

namespace detail {
/// The field's number as a whole one, which may be written as 1e7; empty for anything else.
[[nodiscard]] std::optional<std::int64_t> whole_number(json const& value);
}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/experiment.ipp>
#endif
