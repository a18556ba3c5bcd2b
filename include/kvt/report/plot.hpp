// Drawing: charts and heat maps become PNG and SVG files by way of gnuplot.
#pragma once

#include <kvt/report/chart.hpp>
#include <kvt/report/document.hpp>
#include <kvt/report/heat_map.hpp>
#include <kvt/report/panels.hpp>

#include <string>

namespace kvt::inline KVT_ABI::report {

namespace detail {
/// What of an SVG is made lighter on dark screens: the page around the drawing, or also the drawn series.
enum class dark_scope : std::uint8_t { page, series };
constexpr dark_scope dark_scope_of(chart const&) { return dark_scope::series; }
constexpr dark_scope dark_scope_of(panels const&) { return dark_scope::series; }
constexpr dark_scope dark_scope_of(heat_map const&) { return dark_scope::page; }  // its colours mean numbers

/// Runs gnuplot on the script; `title` names the picture to those who cannot see it.
[[nodiscard]] std::string run_gnuplot(std::string const& script, image_format format, std::string const& title,
                                      dark_scope scope, look const& how);
}  // namespace detail

/// The picture's bytes: the same for the same description, with no date or version in them (and the same fonts and
/// gnuplot). The SVG follows the reader's light or dark scheme. Throws `error{missing}` where gnuplot is not installed,
/// naming the package, `error{work}` with gnuplot's words where it fails.
template <class Plot> [[nodiscard]] std::string draw(Plot const& plot, image_format format, look const& how = {}) {
    return detail::run_gnuplot(gnuplot_script(plot, format, how), format, plot.title, detail::dark_scope_of(plot), how);
}

namespace detail {
[[nodiscard]] figure write_images(std::string const& folder, std::string const& stem, std::string const& png,
                                  std::string const& svg);
}  // namespace detail

/// Throws what `draw` would throw where gnuplot is missing or does not run: for asking before long work.
void require_gnuplot();

/// Writes `<folder>/<stem>.png` and `.svg`, each as a whole, creating folders. Returns a figure for a document whose
/// folder is `folder`, with the title as its description.
template <class Plot>
figure write_plot(Plot const& plot, std::string const& folder, std::string const& stem, std::string caption = {}) {
    auto out = detail::write_images(folder, stem, draw(plot, image_format::png), draw(plot, image_format::svg));
    out.alt = plot.title + (plot.subtitle.empty() ? "" : ": " + plot.subtitle);
    out.caption = std::move(caption);
    return out;
}

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/plot.ipp>
#endif
