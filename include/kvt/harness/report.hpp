// report: analyzed -> reported. Plots, one file a renderer, and summary.json, from the store alone.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/function_view.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/plots.hpp>
#include <kvt/harness/prerequisites.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/report/renderer.hpp>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What summary.json holds.
[[nodiscard]] json report_json(report_input const& in, std::vector<report_figure> const& figures);

/// Draws the plan into `folder`; several at once.
[[nodiscard]] std::vector<report_figure> draw_plots(std::vector<planned_plot> const& plan, std::string const& folder,
                                                    exec::executor_view executor);

/// Whether statistics and the pictures that must be there (spec Q, "Prerequisites") are. Throws `error{missing}` naming
/// those that are not, unless the analysis was a partial one.
report_prerequisites require_inputs(report_input const& in, std::vector<report_figure> const& figures);

namespace detail {
/// Takes one rendered file by its extension.
using report_sink = function_view<void(std::string_view extension, std::string const& bytes)>;
/// All but the renderers' part: `render(document, sink)` is told where to put what they make.
reported write_report(run_context& ctx, analyzed const& in,
                      function_view<void(kvt::report::document const&, report_sink)> render);
}  // namespace detail

/// Computes nothing: prints what analysis stored. The files are `report.<extension>` for each renderer, `summary.json` and
/// `plots/*.png` and `*.svg` in the experiment's folder. The same database and gnuplot give the same bytes, but for the
/// generated-at line.
template <kvt::report::renderer... Renderers> class report {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "report";

    explicit report(Renderers... renderers) : renderers_{std::move(renderers)...} {}

    reported operator()(run_context& ctx, analyzed const& in) const {
        return detail::write_report(ctx, in, [&](kvt::report::document const& document, detail::report_sink write) {
            std::apply([&](auto const&... r) { (write(r.extension, r.render(document)), ...); }, renderers_);
        });
    }

  private:
    std::tuple<Renderers...> renderers_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/report.ipp>
#endif
