#pragma once

#include <kvt/scaling/analysis_settings.hpp>
#include <kvt/scaling/detail/planner.ipp>
#include <kvt/scaling/fault.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL void analyzer_settings::check() const {
    auto const require = [](bool holds, char const* key, json const& is, char const* expected) {
        detail::require_option(holds, key, is, expected);
    };
    require(fitting.law == "loglog" || fitting.law == "linf", "fitting.law", fitting.law, "loglog or linf");
    require(bucket.decimals >= 0 && bucket.decimals <= 6, "bucket.decimals", bucket.decimals, "0 to 6");
    require(!(fitting.enforce_monotonic && fitting.method == "quadratic"), "fitting.enforce_monotonic", true,
            "false with fitting.method quadratic: a parabola needs all sizes");
    require(fitting.resamples == 0 || fitting.resamples >= 2, "fitting.resamples", fitting.resamples,
            "0, or 2 and more");
    law_bootstrap{.resamples = fitting.resamples == 0 ? 2 : fitting.resamples, .seed = fitting.seed}.check();
    require(validation.exponent_tolerance >= 0, "validation.exponent_tolerance", validation.exponent_tolerance,
            "0 or more");
    require(parametric.resamples == 0 || parametric.resamples >= 2, "parametric.resamples", parametric.resamples,
            "0, or 2 and more");
    if (auto const t = target()) detail::require_positive("target_compute", *t);
    surface_fit_rule().check();
    if (auto const sure = intervals()) sure->check();
}
KVT_DECL fit_options analyzer_settings::options() const {
    return {.outliers = fitting.outliers,
            .order = fitting.enforce_monotonic ? size_order::ascending : size_order::any,
            .decimals = bucket.decimals,
            .min_r_squared = fitting.min_r_squared,
            .leave_one_out = validation.leave_one_out,
            .expected_exponent = validation.expected_exponent,
            .exponent_tolerance = validation.exponent_tolerance,
            .save_isoflops = output.save_isoflops,
            .resamples = fitting.resamples,
            .resampling_seed = fitting.seed};
}
KVT_DECL std::string analyzer_settings::laws_path() const {
    return output.save_fit ? paths.analysis + "/scaling_laws.json" : "";
}
KVT_DECL std::optional<double> analyzer_settings::target() const {
    return target_compute ? target_compute : predict_compute;
}
KVT_DECL parametric_fit analyzer_settings::surface_fit_rule() const {
    return {.delta = parametric.delta, .starts = parametric.starts, .drop_worst = parametric.drop_worst};
}
KVT_DECL std::optional<surface_bootstrap> analyzer_settings::intervals() const {
    if (parametric.resamples == 0) return std::nullopt;
    return surface_bootstrap{.resamples = parametric.resamples, .seed = parametric.seed, .target_compute = target()};
}

KVT_DECL fitted fit_by(analyzer_settings const& settings, run_context& context, trained const& from) {
    settings.check();
    auto out = optimum_rules::visit(settings.fitting.method, json{}, "fitting.method", [&](auto const& best) -> fitted {
        auto const by = [&](auto line, auto loss) {
            return fit{best, line, loss, settings.options(), settings.laws_path()}(context, from);
        };
        bool const offset = settings.fitting.law == "linf";
        if (settings.fitting.robust)
            return offset ? by(huber_loglog{}, offset_law{}) : by(huber_loglog{}, huber_loglog{});
        return offset ? by(loglog{}, offset_law{}) : by(loglog{}, loglog{});
    });
    if (!settings.parametric.enabled) return out;
    return fit_surface{settings.surface_fit_rule(), settings.intervals()}(context, std::move(out));
}

KVT_DECL void visualizer_settings::check() const {
    detail::require_option(!plots.show, "plots.show", plots.show, "false: pictures are files");
    detail::require_option(!plots.dpi || (*plots.dpi >= 30 && *plots.dpi <= 1200), "plots.dpi", plots.dpi.value_or(0),
                           "30 to 1200");
    detail::require_option(bucket.decimals >= 0 && bucket.decimals <= 6, "bucket.decimals", bucket.decimals, "0 to 6");
}
KVT_DECL draw_options visualizer_settings::options() const {
    return {.folder = paths.plots,
            .format = plots.format,
            .decimals = bucket.decimals,
            .style = plots.style,
            .dpi = plots.dpi};
}

}  // namespace kvt::inline KVT_ABI::scaling
