// fit_surface: a stage that adds the loss surface through all runs to the laws.
#pragma once

#include <kvt/scaling/fit.hpp>
#include <kvt/scaling/parametric.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// What scaling_laws.json says of the surface.
struct parametric_law {
    double E = 0, A = 0, B = 0, alpha = 0, beta = 0;
    double objective = 0, delta = 0;
    double a_opt = 0;  ///< the exponent of the best N in C
    std::int64_t runs = 0, resamples = 0;
    std::vector<surface_interval> intervals{};
};
KVT_RECORD(parametric_law, E, A, B, alpha, beta, objective, delta, a_opt, runs, resamples, intervals);

/// Approach 3 beside the laws through optima: all runs count, not the best of each budget alone. Fewer than five runs give
/// a warning in the laws and no surface. The context's `exec::any_executor` takes part (one thread without); the figures
/// are the same for any number of threads.
struct fit_surface {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "fit_surface";
    parametric_fit how{};
    std::optional<surface_bootstrap> sure{};  ///< null: no intervals

    constexpr explicit fit_surface(parametric_fit f = {}, std::optional<surface_bootstrap> intervals = {})
        : how{f}, sure{intervals} {}

    fitted operator()(run_context& context, fitted from) const;
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/fit_surface.ipp>
#endif
