#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/fit.hpp>

#include <algorithm>
#include <cstdio>
#include <set>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// C, N, D and L of optima, as columns.
struct optimum_columns {
    std::vector<double> c{}, n{}, d{}, l{};
    explicit optimum_columns(std::span<optimum const> optima) {
        for (auto const& o : optima) {
            c.push_back(o.at.compute_budget), n.push_back(o.at.model_size);
            d.push_back(o.at.num_tokens), l.push_back(o.at.final_loss);
        }
    }
};

inline std::vector<isoflop> isoflops_of(std::span<run_point const> points, std::int64_t decimals) {
    std::vector<isoflop> out;
    for (auto const& b : buckets_of(points, decimals)) {
        isoflop one{b.key, {}};
        for (auto const row : b.rows) one.runs.push_back(points[row]);
        std::ranges::stable_sort(one.runs, {}, [](run_point const& r) { return r.model_size; });
        out.push_back(std::move(one));
    }
    return out;
}

/// What the laws and optima should be doubted for.
inline void warn(scaling_laws& laws, std::span<optimum const> optima, fit_options const& options) {
    char text[200];
    auto const triple = laws.triple();
    for (auto const* law : triple.all()) {
        if (law->r_squared >= options.min_r_squared) continue;
        std::snprintf(text, sizeof text, "%s: R2 is %.4f, below %g", law->name.c_str(), law->r_squared,
                      options.min_r_squared);
        laws.warnings.emplace_back(text);
    }
    double const a = laws.n_opt_fit.exponent_a;
    if (options.expected_exponent && std::abs(a - *options.expected_exponent) > options.exponent_tolerance) {
        std::snprintf(text, sizeof text, "N_opt: the exponent %.4f is further than %g from %g", a,
                      options.exponent_tolerance, *options.expected_exponent);
        laws.warnings.emplace_back(text);
    }
    std::size_t fallen = 0;
    for (auto const& o : optima) fallen += o.method == optimum_method::empirical_fallback ? 1 : 0;
    if (fallen > 0) {
        std::snprintf(text, sizeof text,
                      "%zu of %zu budgets have no parabola with a vertex among their sizes; taken: the best run",
                      fallen, optima.size());
        laws.warnings.emplace_back(text);
    }
}

/// The laws of resampled runs, which may have too few optima.
inline std::optional<law_triple> refit(std::span<run_point const> points, fit_steps const& steps) {
    auto const optima = steps.optima(points);
    if (optima.size() < 2) return std::nullopt;
    optimum_columns const at{optima};
    return law_triple{steps.line("N_opt", at.c, at.n).law, steps.line("D_opt", at.c, at.d).law,
                      steps.loss_line("L_opt", at.c, at.l).law};
}

KVT_DECL fitted fit_runs(run_context& context, trained const& from, fit_options const& options, std::string const& path,
                         fit_steps const& steps, std::string const& optimum_name, std::string const& law_name) {
    auto const where = from.path.empty() ? std::string{"results"} : from.path;
    auto runs = usable(from.runs, where);
    fitted out{.laws = {.method = law_name, .optimum = optimum_name, .warnings = std::move(runs.warnings)},
               .points = std::move(runs.points),
               .optima = {},
               .path = path};
    auto& laws = out.laws;
    out.optima = steps.optima(out.points);
    if (out.optima.size() < 2)
        throw scaling_error{fault::too_few_budgets, where,
                            "has runs at " + std::to_string(out.optima.size()) + " distinct budget" +
                                (out.optima.size() == 1 ? "" : "s"),
                            "at least two distinct budgets"};
    optimum_columns const at{out.optima};
    auto const n = steps.line("N_opt", at.c, at.n), d = steps.line("D_opt", at.c, at.d);
    auto const l = steps.loss_line("L_opt", at.c, at.l);
    laws.n_opt_fit = n.law, laws.d_opt_fit = d.law, laws.l_opt_fit = l.law;
    std::set<std::int64_t> excluded;
    for (auto const* one : {&n, &d, &l}) excluded.insert(one->excluded.begin(), one->excluded.end());
    laws.excluded.assign(excluded.begin(), excluded.end());
    for (auto const& o : out.optima) laws.optimal_points.push_back(o.at);
    laws.optimal_ratio = median_ratio(out.optima);
    laws.n_points = static_cast<std::int64_t>(out.optima.size());
    if (options.leave_one_out)
        laws.leave_one_out = {steps.line_left_out(at.c, at.n), steps.line_left_out(at.c, at.d),
                              steps.loss_left_out(at.c, at.l)};
    if (options.resamples > 0)
        laws.bootstrap = law_bootstrap{.resamples = options.resamples, .seed = options.resampling_seed}(
            out.points, options.decimals, laws.triple(),
            [&](std::span<run_point const> points) { return refit(points, steps); });
    if (options.save_isoflops) laws.isoflops = isoflops_of(out.points, options.decimals);
    warn(laws, out.optima, options);
    if (!path.empty()) {
        write_file(path, dump(laws_json(laws), json_style::pretty) + "\n");
        context.wrote(path);
    }
    return out;
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling
