// The range policies that a program can name.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/finite_difference_ranges.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/range_search.hpp>
#include <kvt/quant/sequential_smoothing.hpp>

namespace kvt::inline KVT_ABI::quant {

/// A program of one's own adds to it: `using mine = quant::range_policies::with<"my_rule", my_rule>;`
using range_policies =
    registry<entry<"min_max", min_max_ranges>, entry<"sequential_smoothing", sequential_smoothing>,
             entry<"kernel_smoothing", kernel_smoothing>, entry<"range_search", range_search>,
             entry<"coordinate_descent", coordinate_descent>, entry<"finite_difference", finite_difference_ranges>>;

}  // namespace kvt::inline KVT_ABI::quant
