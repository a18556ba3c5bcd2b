// scaling_laws: all that analysis finds, as scaling_laws.json has it.
#pragma once

#include <kvt/scaling/law_bootstrap.hpp>
#include <kvt/scaling/law_fit.hpp>
#include <kvt/scaling/laws.hpp>

#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// The runs of one budget, ascending in size.
struct isoflop {
    std::int64_t bucket = 0;
    std::vector<run_point> runs{};
};
KVT_RECORD(isoflop, bucket, runs);

/// How firm each law is: a `left_out` each.
struct left_out_laws {
    std::optional<left_out> n_opt_fit{}, d_opt_fit{}, l_opt_fit{};
};
KVT_RECORD(left_out_laws, n_opt_fit, d_opt_fit, l_opt_fit);

/// scaling-laws 8.3. What is null or empty beyond `optimal_ratio` is not written.
struct scaling_laws {
    power_law n_opt_fit{}, d_opt_fit{}, l_opt_fit{};
    std::vector<run_point> optimal_points{};  ///< ascending in bucket
    std::optional<double> optimal_ratio{};    ///< median D/N of these
    std::string method{};                     ///< of the laws
    std::string optimum{};                    ///< how optima were found
    std::int64_t n_points = 0;
    std::vector<std::int64_t> excluded{};  ///< optimal points that some law left out
    std::vector<std::string> warnings{};
    std::optional<left_out_laws> leave_one_out{};
    std::optional<bootstrapped_laws> bootstrap{};
    std::vector<isoflop> isoflops{};
    std::optional<json> parametric{};  ///< what the parametric fit found, where it was asked for

    [[nodiscard]] law_triple triple() const { return {n_opt_fit, d_opt_fit, l_opt_fit}; }
};
KVT_RECORD(scaling_laws, n_opt_fit, d_opt_fit, l_opt_fit, optimal_points, optimal_ratio, method, optimum, n_points,
           excluded, warnings, leave_one_out, bootstrap, isoflops, parametric);

/// Sizes and token counts that are whole are written as such.
[[nodiscard]] json laws_json(scaling_laws const& laws);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/scaling_laws.ipp>
#endif
