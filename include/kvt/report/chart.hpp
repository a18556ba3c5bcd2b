// chart: lines, points and bars over two axes, described as data.
#pragma once

#include <kvt/report/look.hpp>
#include <kvt/report/palette.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::report {

/// One measured point, with its interval where it has one. Points that are not finite are skipped.
struct chart_point {
    double x = 0, y = 0;
    std::optional<double> low = {}, high = {};
};

enum class series_mark : std::uint8_t {
    line,    ///< points joined by a line
    dashed,  ///< the same, dashed: for controls
    curve,   ///< a line without points: for fits
    points,
    bars,
};

struct chart_series {
    std::string label;
    std::vector<chart_point> points;
    series_mark mark = series_mark::line;
    std::string colour = {};  ///< "#rrggbb"; empty: by its place in the chart. Name one to keep it across charts.
};

enum class axis_scale : std::uint8_t { linear, logarithmic };

struct chart_tick {
    double at = 0;
    std::string label;  ///< may hold line ends
};

struct chart_axis {
    std::string label = {};
    std::optional<double> low = {}, high = {};  ///< null: from the data; a linear y axis then starts at 0 or below
    std::vector<chart_tick> ticks = {};         ///< empty: chosen by the plotter
    axis_scale scale = axis_scale::linear;
    std::optional<int> digits = {};  ///< after the point, in tick labels
};

enum class orientation : std::uint8_t { horizontal, vertical };

/// A dashed line right across the chart, named in the legend.
struct chart_threshold {
    double at = 0;
    std::string label;
    report::orientation orientation = orientation::horizontal;
};

/// A shaded stretch of the x axis, named above the chart.
struct chart_zone {
    double from = 0, to = 0;
    std::string label;
};

/// How series without a colour get one.
enum class series_order : std::uint8_t {
    unordered,  ///< one of eight distinct colours each
    ascending,  ///< along one ramp, from the first to the last
};

struct chart {
    std::string title, subtitle = {};
    std::string warning = {};  ///< set apart below the subtitle, for instance "UNPROVEN: ..."
    chart_axis x = {}, y = {};
    std::vector<chart_series> series = {};
    std::vector<chart_threshold> thresholds = {};
    std::vector<chart_zone> zones = {};
    series_order order = series_order::unordered;
};

/// Whether there is anything to draw: a finite point in some series.
[[nodiscard]] bool has_data(chart const& c);

/// The gnuplot program that draws the chart on its standard output. A pure function; every text in it is quoted, so that
/// no label can become a command. Throws `error{usage}` where there is nothing to draw or a colour is no colour.
[[nodiscard]] std::string gnuplot_script(chart const& c, image_format format, look const& how = {});

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/chart.ipp>
#endif
