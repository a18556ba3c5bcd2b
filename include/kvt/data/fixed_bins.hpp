// fixed_bins: bins whose limits are given, for data sets made at given lengths.
#pragma once

#include <kvt/data/binning.hpp>

namespace kvt::inline KVT_ABI::data {

/// Bin i holds the lengths above `ends[i-1]` up to `ends[i]`; longer ones join the last bin.
struct fixed_bins {
    static constexpr std::string_view name = "fixed";
    std::vector<std::int64_t> ends{128, 256, 512, 1024, 2048};

    /// Throws `data_error{empty_input|bad_n_bins}` without lengths or where `ends` is empty or does not ascend.
    [[nodiscard]] std::vector<bin_edge> edges(std::span<std::int64_t const> lengths) const;

  private:
    [[noreturn]] static void refuse(std::string problem, std::string expected);
};
KVT_RECORD(fixed_bins, ends);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/fixed_bins.ipp>
#endif
