#pragma once

#include <kvt/numeric/mt19937_stream.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/law_bootstrap.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL void law_bootstrap::check() const {
    auto const require = [](bool holds, char const* key, std::string const& is, char const* expected) {
        if (!holds) throw scaling_error{fault::invalid_option, key, "is " + is, expected};
    };
    require(resamples >= 2 && resamples <= 1'000'000, "fitting.resamples", std::to_string(resamples), "2 to 1000000");
    require(seed >= 0 && seed <= 4'294'967'295, "fitting.seed", std::to_string(seed), "0 to 2^32 - 1");
    require(alpha > 0 && alpha < 1, "fitting.alpha", std::to_string(alpha), "between 0 and 1");
}

KVT_DECL std::vector<std::vector<std::size_t>> law_bootstrap::draws(std::span<bucket const> buckets) const {
    auto units = numeric::mt19937_stream::seeded(static_cast<std::uint32_t>(seed));
    std::vector<std::vector<std::size_t>> out(static_cast<std::size_t>(resamples));
    for (auto& one : out)
        for (auto const& b : buckets)
            for (std::size_t i = 0; i < b.rows.size(); ++i)
                one.push_back(b.rows[static_cast<std::size_t>(static_cast<double>(b.rows.size()) * units.unit())]);
    return out;
}

KVT_DECL bootstrapped_laws law_bootstrap::operator()(std::span<run_point const> points, std::int64_t decimals,
                                                     law_triple const& all, refit again) const {
    check();
    std::vector<law_triple> found;
    for (auto const& drawn : draws(buckets_of(points, decimals))) {
        std::vector<run_point> some;
        for (auto const row : drawn) some.push_back(points[row]);
        if (auto laws = again(some)) found.push_back(std::move(*laws));
    }
    bootstrapped_laws out{.resamples = resamples, .seed = seed, .fitted = static_cast<std::int64_t>(found.size())};
    if (found.size() < 2) return out;
    for (std::size_t law = 0; law < 3; ++law)
        for (auto const& [which, value] : {std::pair{"k", &power_law::coefficient_k}, {"a", &power_law::exponent_a}}) {
            std::vector<double> values;
            for (auto const& one : found) values.push_back(one.all()[law]->*value);
            double mean = 0, squares = 0;
            auto const n = static_cast<double>(values.size());
            for (double const v : values) mean += v / n;
            for (double const v : values) squares += (v - mean) * (v - mean);
            auto const ends = numeric::percentiles(values, std::vector<double>{alpha / 2, 1 - alpha / 2});
            out.intervals.push_back(
                {all.all()[law]->name, which, all.all()[law]->*value, ends[0], ends[1], std::sqrt(squares / (n - 1))});
        }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
