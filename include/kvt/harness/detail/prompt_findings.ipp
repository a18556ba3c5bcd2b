// What a cache study finds out about one prompt.
#pragma once

#include <kvt/harness/cache_findings.hpp>
#include <kvt/harness/detail/cache_subject.ipp>
#include <kvt/model/attention_change.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/rank_correlation.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace kvt::inline KVT_ABI::harness::detail {

using floats = std::vector<float>;
using reals = std::vector<double>;

/// One part of a cache, quantized: for each list the rows that stand in, and what became of them.
struct quantized_part {
    std::int32_t bits = 2;
    std::vector<floats> rows{};
    std::vector<quant::token_groups> groups{};
};

/// The mix that quantizes this part and no other.
[[nodiscard]] constexpr cache_mix alone(cache_part part) {
    switch (part) {
        case cache_part::keys: return cache_mix::keys;
        case cache_part::keys_before_rotation: return cache_mix::keys_before_rotation;
        case cache_part::values: break;
    }
    return cache_mix::values;
}

/// Of one list.
struct list_smoothness {
    double bounded = 1, worst = 1, headline = 1;
    reals boundaries;
};
struct list_eviction {
    double full = 1, cache_order = 1, time_order = 1;
};
/// Of one part at one width and group size, averaged over lists.
struct part_noise {
    double mse = 0, expected = 0, bits_per_element = 0;
};
struct mix_result {
    model::attention_change attention;
    cache_answer answer;
};
/// One token group quantized alone.
struct group_result {
    double attention_error = 0;  ///< mean over lists
    double likelihood_loss = 0;
    bool lost = false, evidence = false;
    double roughness = 0;
};
/// A rank correlation for each `group_predictor` that has one.
using predictor_values = std::array<std::optional<double>, group_predictors>;
/// Means over the third of the groups with the highest values of a predictor, and with the lowest.
struct third_means {
    double highest = 0, lowest = 0;
};
struct part_result {
    std::vector<group_result> groups{};
    predictor_values predictors[2]{};       ///< by damage kind
    std::vector<predictor_values> heads{};  ///< by list: with its own attention output's error
    std::array<std::optional<third_means>, measured_predictors> lost{};
};

/// Keys with ranges that lean on the past, beside plain ones.
struct online_result {
    double score_before = 1, score_after = 1, mse_before = 0, mse_after = 0;
    bool lost_before = false, lost_after = false;
    model::attention_change before{}, after{};
};
inline constexpr cache_part key_parts[]{cache_part::keys, cache_part::keys_before_rotation};

/// What is known of the groups of one list, predictor by predictor (empty where the part has none), and what they do.
struct list_groups {
    std::array<reals, measured_predictors> known{};
    reals error{};

    [[nodiscard]] reals& operator[](group_predictor p) { return known[static_cast<std::size_t>(p)]; }
    [[nodiscard]] reals const& operator[](group_predictor p) const { return known[static_cast<std::size_t>(p)]; }

    void add(list_groups const& other, double weight) {
        auto const into = [&](reals& to, reals const& from) {
            to.resize(from.size());
            for (std::size_t i = 0; i < from.size(); ++i) to[i] += weight * from[i];
        };
        for (std::size_t p = 0; p < known.size(); ++p) into(known[p], other.known[p]);
        into(error, other.error);
    }
    [[nodiscard]] predictor_values correlations(reals const& damage) const {
        using enum group_predictor;
        auto const at = [](group_predictor p) { return static_cast<std::size_t>(p); };
        predictor_values out;
        for (std::size_t p = 0; p < known.size(); ++p)
            if (!known[p].empty()) out[p] = numeric::spearman(known[p], damage);
        out[at(roughness_beyond_noise)] = numeric::partial_spearman((*this)[roughness], damage, (*this)[noise_power]);
        if (out[at(roughness)] && out[at(noise_power)])
            out[at(roughness_less_noise)] = *out[at(roughness)] - *out[at(noise_power)];
        return out;
    }
    /// Means of `what` by every predictor's thirds; of equals the earlier group counts as the lower.
    [[nodiscard]] std::array<std::optional<third_means>, measured_predictors> shares(reals const& what) const {
        std::array<std::optional<third_means>, measured_predictors> out;
        std::size_t const third = what.size() / 3;
        for (std::size_t p = 0; p < known.size() && third > 0; ++p) {
            if (known[p].empty()) continue;
            std::vector<std::size_t> order(what.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::ranges::stable_sort(order, {}, [&](std::size_t k) { return known[p][k]; });
            third_means m;
            for (std::size_t i = 0; i < third; ++i) m.lowest += what[order[i]], m.highest += what[order.rbegin()[i]];
            out[p] = third_means{m.highest / static_cast<double>(third), m.lowest / static_cast<double>(third)};
        }
        return out;
    }
};
struct place_scores {
    std::optional<double> first, later, evidence, elsewhere;
};
/// Everything, indexed as the settings say.
struct prompt_findings {
    std::size_t tokens = 0;
    bool answered = false;
    double loss = 0;
    std::vector<std::vector<std::vector<list_smoothness>>> smoothness;  ///< [group][part][list]
    std::vector<std::vector<list_eviction>> eviction;                   ///< [part without values][list]
    std::vector<std::vector<std::vector<part_noise>>> noise;            ///< [group][bits][part]
    std::vector<std::vector<std::vector<mix_result>>> mixes;            ///< [group][bits][mix]
    std::vector<std::vector<part_result>> parts;                        ///< [bits][part], at the first group size
    std::vector<std::vector<online_result>> online;                     ///< [bits][part without values]
    std::vector<place_scores> places;                                   ///< [part]
};

KVT_DECL std::optional<double> mean_of(reals const& values) { return numeric::mean(values); }

}  // namespace kvt::inline KVT_ABI::harness::detail
