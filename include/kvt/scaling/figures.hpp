// figures: what the pipeline's pictures show, as numbers and as charts.
#pragma once

#include <kvt/report/panels.hpp>
#include <kvt/scaling/laws.hpp>

#include <optional>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// The runs of one budget, ascending in size (of equal sizes, in file order), and the best of them as [N, loss].
struct isoflop_curve {
    std::int64_t bucket_key = 0;
    std::vector<double> model_size{}, final_loss{}, optimal{};
};
KVT_RECORD(isoflop_curve, bucket_key, model_size, final_loss, optimal);

/// D/N of the best runs, their median, and the 20 tokens per parameter that are a rule of thumb.
struct ratio_series {
    std::vector<double> ratio{};
    double median = 0;
    double reference_line = 20;
};
KVT_RECORD(ratio_series, ratio, median, reference_line);

/// Each law at budgets log-spaced from the least to the greatest of the best runs': [C, value] pairs.
struct law_curves {
    std::vector<std::vector<double>> n_opt_fit{}, d_opt_fit{}, l_opt_fit{};
};
KVT_RECORD(law_curves, n_opt_fit, d_opt_fit, l_opt_fit);

/// All series of all figures.
struct figure_series {
    std::vector<isoflop_curve> isoflops{};
    std::vector<run_point> optimal{};  ///< the best run of each bucket
    ratio_series tokens_per_param{};
    std::optional<law_curves> fit_curves{};
};
KVT_RECORD(figure_series, isoflops, optimal, tokens_per_param, fit_curves);

/// `laws` null: no curves. Points must not be empty. `decimals` as in `bucket_key`.
[[nodiscard]] figure_series series_of(std::span<run_point const> points, law_triple const* laws,
                                      std::int64_t decimals = 2);

/// Loss over N, a line a budget, its best run marked.
[[nodiscard]] report::chart isoflops_chart(figure_series const& series, std::int64_t decimals = 2);
/// Best N, D and loss over C with their laws, side by side.
[[nodiscard]] report::panels laws_panels(figure_series const& series, law_triple const* laws);
/// Best D/N over C.
[[nodiscard]] report::chart ratio_chart(figure_series const& series);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/figures.ipp>
#endif
