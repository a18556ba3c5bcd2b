// analysis_settings: what `kvt scaling analyze` and `visualize` can be told, as records.
#pragma once

#include <kvt/scaling/draw.hpp>
#include <kvt/scaling/fit.hpp>
#include <kvt/scaling/fit_surface.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// `kvt scaling analyze` (scaling-laws 4.6, 9). Unconfigured it fits as the published pipeline does.
struct analyzer_settings {
    struct files {
        std::string results = "outputs/results.json", analysis = "outputs/analysis";
    };
    struct rules {
        std::string method = "empirical";  ///< of optima: a name of `optimum_rules`
        std::string law = "loglog";        ///< of the loss: loglog, or linf
        bool robust = false;               ///< Huber's line in log10 space
        outlier_rule outliers = outlier_rule::none;
        double min_r_squared = 0.85;
        bool enforce_monotonic = false;
        std::int64_t resamples = 1000, seed = 0;  ///< behind the laws' bootstrapped intervals; 0 resamples: none
    };
    struct buckets {
        std::int64_t decimals = 2;
    };
    struct doubts {
        bool leave_one_out = false;
        std::optional<double> expected_exponent{};
        double exponent_tolerance = 0.15;
    };
    struct contents {
        bool save_fit = true, save_isoflops = false;
    };
    struct surface {
        bool enabled = true;
        double delta = 1e-3;
        std::int64_t starts = 60, drop_worst = 0;
        std::int64_t resamples = 200;  ///< behind the intervals; 0: none
        std::int64_t seed = 0;
    };
    files paths{};
    rules fitting{};
    buckets bucket{};
    doubts validation{};
    contents output{};
    surface parametric{};
    std::optional<double> target_compute{}, predict_compute{};  ///< the first wins

    /// Throws `scaling_error{invalid_option}` naming the key.
    void check() const;
    [[nodiscard]] fit_options options() const;
    [[nodiscard]] std::string laws_path() const;  ///< empty where they are not to be saved
    [[nodiscard]] std::optional<double> target() const;
    [[nodiscard]] parametric_fit surface_fit_rule() const;
    [[nodiscard]] std::optional<surface_bootstrap> intervals() const;
};
KVT_RECORD(analyzer_settings::files, results, analysis);
KVT_RECORD(analyzer_settings::rules, method, law, robust, outliers, min_r_squared, enforce_monotonic, resamples, seed);
KVT_RECORD(analyzer_settings::buckets, decimals);
KVT_RECORD(analyzer_settings::doubts, leave_one_out, expected_exponent, exponent_tolerance);
KVT_RECORD(analyzer_settings::contents, save_fit, save_isoflops);
KVT_RECORD(analyzer_settings::surface, enabled, delta, starts, drop_worst, resamples, seed);
KVT_RECORD(analyzer_settings, paths, fitting, bucket, validation, output, parametric, target_compute, predict_compute);

/// Laws by the rules that settings name, and the surface beside them where it is wanted.
[[nodiscard]] fitted fit_by(analyzer_settings const& settings, run_context& context, trained const& from);

/// `kvt scaling visualize`.
struct visualizer_settings {
    struct files {
        std::string results = "outputs/results.json", analysis = "outputs/analysis/scaling_laws.json",
                    plots = "outputs/plots";
    };
    struct looks {
        figure_style style = figure_style::paper;
        bool show = false;  ///< windows are not opened
        figure_format format = figure_format::png;
        std::optional<std::int64_t> dpi{};  ///< of PNG; null: the style's
    };
    files paths{};
    looks plots{};
    analyzer_settings::buckets bucket{};

    /// Throws `scaling_error{invalid_option}` naming the key.
    void check() const;
    [[nodiscard]] draw_options options() const;
};
KVT_RECORD(visualizer_settings::files, results, analysis, plots);
KVT_RECORD(visualizer_settings::looks, style, show, format, dpi);
KVT_RECORD(visualizer_settings, paths, plots, bucket);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/analysis_settings.ipp>
#endif
