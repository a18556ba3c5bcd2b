// optimum: the best model size of each budget, from the runs that were made there.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/scaling/buckets.hpp>

#include <concepts>
#include <optional>

namespace kvt::inline KVT_ABI::scaling {

/// How an optimum was found.
enum class optimum_method : std::uint8_t {
    empirical,           ///< the run with the least loss
    quadratic,           ///< the vertex of a parabola through the runs
    empirical_fallback,  ///< no such vertex: the run with the least loss
};
KVT_CHOICE(optimum_method, "empirical", "quadratic", "empirical_fallback");

/// The best size at one budget. `row` is the run with the least loss; of runs that lose alike, the first.
struct optimum {
    std::int64_t bucket = 0;
    run_point at{};
    std::size_t row = 0;
    optimum_method method = optimum_method::empirical;
};
KVT_RECORD(optimum, bucket, at, row, method);

/// Finds the best size among the runs of one budget (at least one, losses finite). Satisfied by `empirical`, `quadratic`.
template <class R>
concept optimum_rule = named<R> && record<R> && requires(R const& rule, std::span<run_point const> runs) {
    { rule(runs) } -> std::same_as<optimum>;
};

/// The run with the least loss, as it is. Limited by the grid of sizes.
struct empirical {
    static constexpr std::string_view name = "empirical";
    [[nodiscard]] optimum operator()(std::span<run_point const> runs) const;
};
KVT_EMPTY_RECORD(empirical);

/// The vertex of the least-squares parabola of loss over log10 N, with D = C/(6N); where it opens downwards, lies outside
/// the sampled sizes, or there are fewer than three sizes, the best run with D = C/(6N) (scaling-laws 4.3).
struct quadratic {
    static constexpr std::string_view name = "quadratic";
    [[nodiscard]] optimum operator()(std::span<run_point const> runs) const;
};
KVT_EMPTY_RECORD(quadratic);

/// L ~ c0 + c1 (u - mean) + c2 (u - mean)² over u = log10 N, by least squares; null for fewer than three distinct sizes.
struct centred_parabola {
    double u_mean = 0, c0 = 0, c1 = 0, c2 = 0;
};
KVT_RECORD(centred_parabola, u_mean, c0, c1, c2);
[[nodiscard]] std::optional<centred_parabola> parabola_through(std::span<run_point const> runs);

using optimum_rules = registry<entry<"empirical", empirical>, entry<"quadratic", quadratic>>;

/// Whether the best size may fall from one budget to the next.
enum class size_order : std::uint8_t {
    any,
    ascending,  ///< only sizes not below the winners so far; a budget without one is left out
};
KVT_CHOICE(size_order, "any", "ascending");

/// An optimum a bucket, ascending. `decimals` as in `bucket_key`.
template <optimum_rule R>
[[nodiscard]] std::vector<optimum> find_optima(R const& rule, std::span<run_point const> points,
                                               size_order order = size_order::any, std::int64_t decimals = 2) {
    std::vector<optimum> out;
    double largest = 0;
    for (auto const& of : buckets_of(points, decimals)) {
        std::vector<run_point> runs;
        std::vector<std::size_t> rows;
        for (auto const row : of.rows) {
            if (order == size_order::ascending && points[row].model_size < largest) continue;
            runs.push_back(points[row]), rows.push_back(row);
        }
        if (runs.empty()) continue;
        auto best = rule(std::span<run_point const>{runs});
        best.bucket = of.key, best.row = rows[best.row];
        if (best.at.model_size > largest) largest = best.at.model_size;
        out.push_back(best);
    }
    return out;
}

/// The median of D/N; null for no points.
[[nodiscard]] std::optional<double> median_ratio(std::span<optimum const> optima);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/optimum.ipp>
#endif
