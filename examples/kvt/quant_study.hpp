// What `kvt quant compare` and `curve` share: the tensors they judge policies on, and rows over seeds.
#pragma once

#include "options.hpp"

#include <kvt/quant/comparison.hpp>
#include <kvt/quant/suites.hpp>
#include <kvt/report/table.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// Tensors that are judged together, and the name of what they come from.
struct subject {
    std::string name;
    std::size_t draws = 1;  ///< one a seed; of a model one
};

/// What policies are judged on: the model, or the suites, that the flags ask for. Nothing of it is in memory until it is
/// tried, tensor by tensor, by the context's executor.
class policy_study {
  public:
    /// Opens the model; `output_files` (names within `--output`, where one is given) must be writable.
    policy_study(quant_options const& q, std::vector<std::string> const& output_files);

    [[nodiscard]] std::vector<subject> const& subjects() const { return subjects_; }
    [[nodiscard]] std::vector<std::int32_t> const& widths() const { return widths_; }

    /// Tries every policy on everything, at every width.
    void run(kvt::run_context& context, std::span<kvt::quant::named_policy const> policies);
    /// One row of it: one draw of a subject, one width, one policy, by their places.
    [[nodiscard]] kvt::quant::policy_result row(std::size_t subject, std::size_t draw, std::size_t width,
                                                std::size_t policy) const;
    /// What the policies cost on tensors that are large enough for times: two million values of a suite, or the model.
    [[nodiscard]] kvt::quant::policy_overheads times(kvt::run_context& context, std::size_t subject,
                                                     std::span<kvt::quant::named_policy const> policies) const;

  private:
    double threshold_;
    std::int64_t repetitions_;
    std::vector<std::int32_t> widths_;
    std::optional<kvt::quant::model_halves> model_{};
    std::string source_;                            ///< what messages call it
    std::vector<kvt::quant::suite_kind> suites_{};  ///< where there is no model
    std::vector<subject> subjects_{};
    std::vector<std::string> labels_{};
    std::vector<std::vector<kvt::quant::policy_trial>> trials_{};  ///< by tensor
};

using policy_results = std::vector<kvt::quant::policy_result>;

/// The rows of one subject, width and policy: one a seed.
policy_results rows_of(policy_results const& all, std::string const& subject, std::int64_t bits,
                       std::string const& policy);

/// Least, mean and greatest over seeds.
struct spread {
    double least = 0, mean = 0, greatest = 0;
};
spread spread_of(policy_results const& rows, double (*figure)(kvt::quant::policy_result const&));

double score(kvt::quant::policy_result const& r);
double bounded_score(kvt::quant::policy_result const& r);
double violations(kvt::quant::policy_result const& r);
double held_out_cosine(kvt::quant::policy_result const& r);
double held_out_sqnr(kvt::quant::policy_result const& r);

/// A line a method, over seeds.
kvt::report::table method_table(std::string caption);
std::vector<std::string> method_cells(std::string const& label, policy_results const& rows);

/// Writes a file and says so: on standard error where standard output is JSON.
void write_and_say(std::string const& path, std::string const& bytes, bool as_json);

}  // namespace cli
