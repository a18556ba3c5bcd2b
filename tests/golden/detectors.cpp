// Golden cases of attribution, the sharper detectors and the efficiency profile (spec O2, O3, Q10).
#include "replay.hpp"
#include "values.hpp"

#include <kvt/analysis/attribution.hpp>
#include <kvt/analysis/efficiency.hpp>
#include <kvt/analysis/instability.hpp>
#include <kvt/analysis/length_trend.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/analysis/surface.hpp>
#include <kvt/numeric/changepoint.hpp>
#include <kvt/numeric/corrections.hpp>
#include <kvt/numeric/hinge.hpp>
#include <kvt/numeric/hypothesis.hpp>
#include <kvt/numeric/isotonic.hpp>

namespace {

using golden::or_null;
using golden::reals;
using golden::reals_or_null;
using golden::verdict;
using kvt::json;
namespace analysis = kvt::analysis;
namespace numeric = kvt::numeric;

template <class T> json list_of(std::vector<T> const& values) {
    json out = json::list({});
    for (auto const& v : values) out.push_back(v);
    return out;
}
json list_of(analysis::optional_values const& values) {
    json out = json::list({});
    for (auto const& v : values) out.push_back(or_null(v));
    return out;
}
kvt::random_stream stream_of(json const& in) { return {in.at("seed").integer(), in.at("label").text()}; }

golden::suite const attribution{"detectors", "attribution", [](json const& c, golden::file const& source) {
                                    auto const a = analysis::attribute(kvt::from_json<analysis::bin_pair>(c.at("in")));
                                    return golden::same(
                                        c.at("out"),
                                        json::of({{"delta", a.delta},
                                                  {"f1_low_corrected", a.f1_low_corrected},
                                                  {"delta_corrected", a.delta_corrected},
                                                  {"attribution", or_null(a.share)},
                                                  {"delta_bounds", json::list({a.delta_min, a.delta_max})},
                                                  {"kind", kvt::name_of(a.kind)}}),
                                        source);
                                }};

golden::suite const judged{"detectors", "verdict", [](json const& c, golden::file const& source) {
                               std::vector<analysis::bin_pair> bins;
                               for (auto const& b : c.at("in").at("bins").items())
                                   bins.push_back(kvt::from_json<analysis::bin_pair>(b));
                               return golden::same(c.at("out"), kvt::to_json(analysis::judge(bins)), source);
                           }};

golden::suite const zone{
    "detectors", "zscore_zone", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        analysis::instability const rule{in.at("z_threshold").real(), in.at("collapse_retention").real()};
        auto const z = rule.examine({reals_or_null(in.at("acc_base")), reals_or_null(in.at("acc")),
                                     reals_or_null(in.at("std")), reals_or_null(in.at("fail"))},
                                    0.2);
        return golden::same(c.at("out"),
                            json::of({{"z_std", list_of(z.z_std)},
                                      {"z_fail", list_of(z.z_fail)},
                                      {"retention", list_of(z.retention)},
                                      {"first_collapse_bin", or_null(z.first_collapse_bin)},
                                      {"unstable_bins", list_of(z.unstable_bins)},
                                      {"zone", z.zone_first ? json::list({*z.zone_first, *z.zone_last}) : json{}},
                                      {"precedes_collapse", z.precedes_collapse},
                                      {"dispersion_ratio", list_of(z.dispersion_ratio)}}),
                            source);
    }};

golden::suite const cusum{
    "detectors", "cusum", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto const y = reals(in.at("y"));
        auto const found =
            numeric::falling_changepoint(y, in.at("min_segment").integer(), in.at("n_perm").integer(), stream_of(in));
        if (!found)
            return golden::same(c.at("out"), json::of({{"k", nullptr}, {"statistic", nullptr}, {"p_value", nullptr}}),
                                source);
        if (found->p_value != c.at("out").at("p_value").real())
            return verdict::fail("p_value " + kvt::shortest(found->p_value));
        return golden::same(c.at("out"), kvt::to_json(*found), source);
    }};

golden::suite const hinge{
    "detectors", "hinge", [](json const& c, golden::file const& source) {
        std::vector<analysis::item> items;
        auto const y = reals(c.at("in").at("y"));
        for (std::size_t i = 0; i < y.size(); ++i)
            items.push_back({static_cast<std::int64_t>(i), c.at("in").at("token_len").items()[i].integer(), y[i]});
        return golden::same(c.at("out"), kvt::to_json(analysis::find_length_hinge(items).value()), source);
    }};

golden::suite const surface{
    "detectors", "logistic_surface", [](json const& c, golden::file const& source) {
        std::vector<analysis::surface_point> points;
        for (auto const& r : c.at("in").at("rows").items())
            points.push_back(kvt::from_json<analysis::surface_point>(r));
        auto const fit = analysis::fit_surface(points, c.at("in").at("ridge").real()).value();
        if (!fit.converged) return verdict::fail("did not converge");
        json lengths = json::of({});
        for (auto const& half : fit.half_lengths) lengths[kvt::shortest(half.budget)] = or_null(half.tokens);
        return golden::same(
            c.at("out"),
            json::of({{"beta", list_of(fit.beta)}, {"p_reference", fit.p_reference}, {"l50_tokens", lengths}}), 1e-6,
            source.absolute);
    }};

golden::suite const corrections{"detectors", "multiple_comparisons", [](json const& c, golden::file const& source) {
                                    auto const p = reals(c.at("in").at("p"));
                                    return golden::same(c.at("out"),
                                                        json::of({{"holm", list_of(numeric::holm(p))},
                                                                  {"bh", list_of(numeric::benjamini_hochberg(p))}}),
                                                        source);
                                }};

golden::suite const flips{
    "detectors", "sign_flip", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto const test = numeric::sign_flip(reals(in.at("diffs")), in.at("n_perm").integer(), stream_of(in));
        if (!test) return golden::same(c.at("out"), json::of({{"mean", nullptr}, {"p_value", nullptr}}), source);
        if (test->p_value != c.at("out").at("p_value").real())
            return verdict::fail("p_value " + kvt::shortest(test->p_value));
        return golden::same(c.at("out"), kvt::to_json(*test), source);
    }};

golden::suite const isotonic{
    "detectors", "isotonic", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto const fit =
            analysis::check_monotone(reals(in.at("budgets")), reals(in.at("acc")), reals(in.at("weights")));
        return golden::same(c.at("out"),
                            json::of({{"fitted", list_of(fit.fitted)}, {"max_violation", fit.max_violation}}), source);
    }};

golden::suite const efficiency{
    "detectors", "efficiency", [](json const& c, golden::file const& source) {
        std::vector<analysis::cost_row> rows;
        for (auto const& r : c.at("in").at("rows").items()) rows.push_back(kvt::from_json<analysis::cost_row>(r));
        analysis::cost_weights const weights{c.at("in").at("w_prompt").real(), c.at("in").at("w_completion").real()};
        return golden::same(c.at("out"), kvt::to_json(analysis::measure_efficiency(rows, weights)), source);
    }};

}  // namespace
