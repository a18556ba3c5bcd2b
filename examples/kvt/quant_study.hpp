// What `kvt quant compare` and `curve` share: the tensors they judge policies on, and rows over seeds.
#pragma once

#include "options.hpp"

#include <kvt/quant/comparison.hpp>
#include <kvt/report/table.hpp>

#include <string>
#include <vector>

namespace cli {

/// Some tensors that are judged together, and the name of what they come from.
struct subject {
    std::string name;
    std::vector<std::vector<kvt::quant::split_tensor>> draws;  ///< one a seed; of a model one
};

/// The model, or the suites, that the flags ask for.
std::vector<subject> subjects_of(quant_options const& q);
std::vector<std::int32_t> widths_of(quant_options const& q);

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
