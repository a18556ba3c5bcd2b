// panels: charts side by side in one picture.
#pragma once

#include <kvt/report/chart.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::report {

/// From left to right, of equal width, each with its own title and legend. `title` names the picture to those who cannot
/// see it.
struct panels {
    std::string title;
    std::vector<chart> charts = {};
};

/// As for charts, each of which must have something to draw. Throws `error{usage}` also for no charts.
[[nodiscard]] std::string gnuplot_script(panels const& p, image_format format, look const& how = {});

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/panels.ipp>
#endif
