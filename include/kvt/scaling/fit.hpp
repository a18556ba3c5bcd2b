// fit: a stage from runs to the laws of the best model size, token count and loss.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/scaling/law_fit.hpp>
#include <kvt/scaling/optimum.hpp>
#include <kvt/scaling/scaling_laws.hpp>
#include <kvt/scaling/train.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// What counts, and what is worth a warning.
struct fit_options {
    outlier_rule outliers = outlier_rule::none;
    size_order order = size_order::any;
    std::int64_t decimals = 2;                  ///< of log10 of a budget that tell buckets apart
    double min_r_squared = 0.85;                ///< a warning below
    bool leave_one_out = false;                 ///< refit without each point
    std::optional<double> expected_exponent{};  ///< of N_opt: a warning where it is further away than the tolerance
    double exponent_tolerance = 0.15;
    bool save_isoflops = false;  ///< the runs of each bucket in the file
    std::int64_t resamples = 0;  ///< behind the laws' bootstrapped intervals; 0: none
    std::int64_t resampling_seed = 0;
};
KVT_RECORD(fit_options, outliers, order, decimals, min_r_squared, leave_one_out, expected_exponent, exponent_tolerance,
           save_isoflops, resamples, resampling_seed);

/// The laws and what they were fitted to.
struct fitted {
    scaling_laws laws;
    std::vector<run_point> points;  ///< of completed runs, in file order
    std::vector<optimum> optima;    ///< `row` counts in `points`
    std::string path{};             ///< of scaling_laws.json; empty: none
};

namespace detail {
using fit_line = function_view<law_fit(std::string, std::span<double const>, std::span<double const>)>;
using leave_out = function_view<std::optional<left_out>(std::span<double const>, std::span<double const>)>;
struct fit_steps {
    function_view<std::vector<optimum>(std::span<run_point const>)> optima;
    fit_line line, loss_line;
    leave_out line_left_out, loss_left_out;
};
[[nodiscard]] fitted fit_runs(run_context& context, trained const& from, fit_options const& options,
                              std::string const& path, fit_steps const& steps, std::string const& optimum_name,
                              std::string const& law_name);
}  // namespace detail

/// Buckets, the best size of each by `O`, and laws through these: N and D by `L`, the loss by `LossL`. Throws
/// `scaling_error{no_completed_runs}`, or `{too_few_budgets}` where fewer than two buckets have runs.
template <optimum_rule O = empirical, law_rule L = loglog, law_rule LossL = L> struct fit {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "fit";
    O optimum_of;
    L line;
    LossL loss_line;
    fit_options options;
    std::string path;  ///< of scaling_laws.json; empty: it is not written

    constexpr explicit fit(O best = {}, L law = {}, LossL loss_law = {}, fit_options how = {}, std::string file = {})
        : optimum_of{best}, line{law}, loss_line{loss_law}, options{how}, path{std::move(file)} {}
    explicit fit(std::string file) : fit{O{}, L{}, LossL{}, {}, std::move(file)} {}

    fitted operator()(run_context& context, trained const& from) const {
        using values = std::span<double const>;
        auto const optima = [&](std::span<run_point const> points) {
            return find_optima(optimum_of, points, options.order, options.decimals);
        };
        auto const fit_line = [&](std::string of, values x, values y) {
            return fit_law(line, std::move(of), x, y, options.outliers);
        };
        auto const fit_loss = [&](std::string of, values x, values y) {
            return fit_law(loss_line, std::move(of), x, y, options.outliers);
        };
        auto const line_out = [&](values x, values y) { return leave_one_out(line, x, y); };
        auto const loss_out = [&](values x, values y) { return leave_one_out(loss_line, x, y); };
        std::string law_name{L::name};
        if (L::name != LossL::name) law_name += ", loss by " + std::string{LossL::name};
        return detail::fit_runs(context, from, options, path, {optima, fit_line, fit_loss, line_out, loss_out},
                                std::string{O::name}, law_name);
    }
};
fit(std::string)->fit<>;
fit(char const*)->fit<>;

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/fit.ipp>
#endif
