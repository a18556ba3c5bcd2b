// group_evaluator: a tensor's groups, ready to be asked what a range would cost, by values or by histograms.
#pragma once

#include <kvt/quant/group_histogram.hpp>
#include <kvt/quant/range_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// How a policy judges, and how fine.
struct evaluation_options {
    evaluation how = evaluation::histogram;
    std::int64_t bins = 0;         ///< 0: `group_histogram::bins_for` the width
    std::int64_t sample = 65'536;  ///< values a group that the histogram counts at most; 0: all

    /// Throws `invalid_group_size` for a negative number, or more than 2^20 bins.
    void check() const;
};

class group_evaluator {
  public:
    /// The tensor is checked already and outlives this.
    group_evaluator(grouped_values const& tensor, evaluation_options const& options);

    /// What ranges would do to one group, as the options judge it; histograms do not round parameters.
    [[nodiscard]] std::vector<group_error> errors(std::size_t group, std::span<value_range const> ranges) const;
    /// The same of all its values and of parameters as they are stored, whatever the options.
    [[nodiscard]] std::vector<group_error> exact(std::size_t group, std::span<value_range const> ranges) const;
    /// Mean and deviation of one group's values, as the options judge it.
    [[nodiscard]] gaussian original(std::size_t group) const;

  private:
    grouped_values const& tensor_;
    std::vector<group_histogram> histograms_{};  ///< one a group, or none
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/group_evaluator.ipp>
#endif
