// Golden cases of percentiles, spread and bin statistics (spec M).
#include "replay.hpp"
#include "values.hpp"

#include <kvt/analysis/aggregate.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/quantile.hpp>

#include <algorithm>

namespace {

using golden::or_null;
using golden::real_or_null;
using golden::reals;
using golden::verdict;
using kvt::json;
namespace analysis = kvt::analysis;
namespace numeric = kvt::numeric;

golden::suite const percentile{"aggregation", "percentile", [](json const& c, golden::file const& source) {
                                   auto const value =
                                       numeric::percentile(reals(c.at("in").at("values")), c.at("in").at("p").real());
                                   return golden::same(c.at("out"), json::of({{"percentile", or_null(value)}}), source);
                               }};

golden::suite const spread{"aggregation", "mean_std", [](json const& c, golden::file const& source) {
                               auto const values = reals(c.at("in").at("values"));
                               return golden::same(
                                   c.at("out"),
                                   json::of({{"mean", or_null(numeric::mean(values))},
                                             {"std_population", or_null(numeric::population_std(values))}}),
                                   source);
                           }};

std::vector<analysis::observation> rows_of(json const& list) {
    std::vector<analysis::observation> rows;
    for (auto const& r : list.items()) {
        auto& row = rows.emplace_back();
        row.entry_idx = static_cast<std::int64_t>(rows.size());
        if (!r.at("bin").is_null()) row.bin_idx = r.at("bin").integer();
        row.em = real_or_null(r.at("em")), row.f1 = real_or_null(r.at("f1")), row.acc = real_or_null(r.at("acc"));
        row.latency_s = real_or_null(r.at("latency_s")), row.total_tokens = real_or_null(r.at("total_tokens"));
        row.failed = r.at("failure").integer() != 0;
    }
    return rows;
}
std::vector<analysis::bin_range> bins_of(json const& in, std::vector<analysis::observation> const& rows) {
    std::int64_t count = 0;
    if (auto const* given = in.find("n_bins")) count = given->integer();
    for (auto const& row : rows) count = std::max(count, row.bin_idx.value_or(-1) + 1);
    std::vector<analysis::bin_range> bins;
    for (std::int64_t i = 0; i < count; ++i) bins.push_back({i, 0, 0});
    return bins;
}
json reference_row(analysis::bin_stats const& s) {
    return json::of({{"bin_idx", s.bin_idx},
                     {"n", s.n},
                     {"acc_mean", or_null(s.acc_mean)},
                     {"acc_std", or_null(s.acc_std)},
                     {"em_mean", or_null(s.em_mean)},
                     {"fail_rate", or_null(s.fail_rate)},
                     {"lat_p50", or_null(s.lat_p50)},
                     {"lat_p95", or_null(s.lat_p95)},
                     {"tok_p50", or_null(s.tok_p50)},
                     {"tok_p95", or_null(s.tok_p95)}});
}
json kvt_row(analysis::bin_stats const& s) {
    return json::of({{"bin_idx", s.bin_idx},
                     {"n_total", s.n_total},
                     {"n_scored", s.n},
                     {"n_failed", s.n_failed},
                     {"fail_rate", or_null(s.fail_rate)},
                     {"f1_mean", or_null(s.f1_mean)},
                     {"f1_std", or_null(s.f1_std)},
                     {"f1_mean_all", or_null(s.f1_mean_all)}});
}

// The kvt side lists every bin it knows; the reference side leaves out bins without requests.
golden::suite const runs{
    "aggregation", "runs", [](json const& c, golden::file const& source) {
        auto const rows = rows_of(c.at("in").at("rows"));
        auto const stats = analysis::aggregate(rows, bins_of(c.at("in"), rows), numeric::bootstrap{}, "r");
        json reference = json::list({}), kvt_side = json::list({});
        bool const all_bins = c.at("in").find("n_bins") != nullptr;
        for (auto const& s : stats) {
            if (s.n_total > 0) reference.push_back(reference_row(s));
            if (s.n_total > 0 || all_bins) kvt_side.push_back(kvt_row(s));
            if (s.acc_mean && (s.acc_mean < *s.acc_ci_low - 1e-12 || s.acc_mean > *s.acc_ci_high + 1e-12) && s.n > 1)
                return verdict::fail("the interval of bin " + std::to_string(s.bin_idx) + " excludes its mean");
        }
        return golden::same(c.at("out"), json::of({{"reference_bins", reference}, {"kvt_bins", kvt_side}}), source);
    }};

}  // namespace
