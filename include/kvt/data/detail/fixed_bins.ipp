#pragma once

#include <kvt/data/fixed_bins.hpp>

#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::data {

KVT_DECL std::vector<bin_edge> fixed_bins::edges(std::span<std::int64_t const> lengths) const {
    if (lengths.empty()) throw data_error{fault::empty_input, "binning", "no lengths to bin"};
    if (ends.empty()) refuse("empty", "at least one length");
    std::vector<bin_edge> bins;
    std::int64_t next = 0;
    for (auto end : ends) {
        if (end < next) refuse(std::to_string(end) + " does not ascend", "ascending lengths");
        bins.push_back({static_cast<std::int64_t>(bins.size()), next, end});
        next = end + 1;
    }
    return bins;
}

KVT_DECL void fixed_bins::refuse(std::string problem, std::string expected) {
    throw data_error{fault::bad_n_bins, "binning.ends", std::move(problem), std::move(expected), error_kind::usage};
}

}  // namespace kvt::inline KVT_ABI::data
