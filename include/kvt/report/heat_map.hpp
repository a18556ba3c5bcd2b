// heat_map: a quantity over two lists of categories, described as data.
#pragma once

#include <kvt/report/chart.hpp>

namespace kvt::inline KVT_ABI::report {

/// Cells coloured by value and labelled with it; cells without a value are grey.
struct heat_map {
    std::string title, subtitle = {};
    std::string warning = {};
    std::string x_label = {}, y_label = {}, value_label = {};
    std::vector<std::string> columns = {};                        ///< from the left
    std::vector<std::string> rows = {};                           ///< from the bottom
    std::vector<std::vector<std::optional<double>>> values = {};  ///< by row, then column
    std::optional<double> low = {}, high = {};                    ///< of the colours; null: from the values
    int digits = 2;
    /// A line over the map, in cell coordinates (column 0 and row 0 have their centres at 0).
    std::optional<chart_series> overlay = {};
};

[[nodiscard]] bool has_data(heat_map const& m);

/// As for charts. Throws `error{usage}` also where `values` is not rows by columns.
[[nodiscard]] std::string gnuplot_script(heat_map const& m, image_format format, look const& how = {});

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/heat_map.ipp>
#endif
