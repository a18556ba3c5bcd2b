// range_search: every group's range shrunk to its own least error, no smoothing: the control beside every smoother.
#pragma once

#include <kvt/quant/group_evaluator.hpp>
#include <kvt/quant/range_policy.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::quant {

/// Around the middle of the range: widths of 100 %, 95 %, ... 5 %, then steps of 1 % around the best of them; of equal
/// errors the wider range. Judged exactly or by a checked histogram, no group's error rises.
struct range_search {
    static constexpr std::string_view name = "range_search";
    evaluation evaluate = evaluation::histogram;
    std::int64_t bins = 0, sample = 65'536;  ///< of histograms, as in `evaluation_options`

    void check() const { evaluation_options{evaluate, bins, sample}.check(); }
    [[nodiscard]] refined operator()(grouped_values const& tensor, std::span<value_range const> start) const;
};
KVT_RECORD(range_search, evaluate, bins, sample);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/range_search.ipp>
#endif
