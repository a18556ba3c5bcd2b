// report: analyzed -> reported. Plots, one file a renderer, and summary.json, from the store alone.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/plots.hpp>
#include <kvt/harness/prerequisites.hpp>
#include <kvt/harness/report_document.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/report/renderer.hpp>

#include <string>
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

/// Computes nothing: prints what analysis stored. The files are `report.<extension>` for each renderer, `summary.json` and
/// `plots/*.png` and `*.svg` in the experiment's folder. The same database and gnuplot give the same bytes, but for the
/// generated-at line.
template <kvt::report::renderer... Renderers> class report {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "report";

    explicit report(Renderers... renderers) : renderers_{std::move(renderers)...} {}

    reported operator()(run_context& ctx, analyzed const& in) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto const* found = ctx.find<experiment>();
        auto const settings = found != nullptr ? *found : experiment{.group = in.group};
        auto const folder = settings.folder();
        auto input = read_report_input(db, in.group);
        input.generated_at = settings.fixed_time.empty() ? ctx.utc_now() : settings.fixed_time;
        reported out{in.group, {}};
        auto const figures = draw_plots(plan_plots(input), folder, exec::thread_executor{});
        for (auto const& one : require_inputs(input, figures).missing) input.found.missing.push_back(one);
        auto document = report_document(input, figures);
        document.folder = folder;
        std::apply(
            [&](auto const&... r) {
                (write(out, folder + "/report." + std::string{r.extension}, r.render(document)), ...);
            },
            renderers_);
        write(out, folder + "/summary.json", dump(report_json(input, figures), json_style::pretty) + "\n");
        for (auto const& f : figures)
            out.files.push_back(folder + "/" + f.png), out.files.push_back(folder + "/" + f.svg);
        for (auto const& path : out.files) ctx.wrote(path);
        return out;
    }

  private:
    static void write(reported& out, std::string path, std::string const& bytes) {
        write_file(path, bytes);
        out.files.push_back(std::move(path));
    }

    std::tuple<Renderers...> renderers_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/report.ipp>
#endif
