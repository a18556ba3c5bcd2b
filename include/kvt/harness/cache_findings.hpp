// cache_findings: what a cache study found, as records.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/quant/token_groups.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What of a cache is quantized: keys as they are stored, keys with their rotation taken back (and put on again after), or
/// values.
enum class cache_part : std::uint8_t { keys, keys_before_rotation, values };
KVT_CHOICE(cache_part, "keys", "keys_before_rotation", "values");
inline constexpr cache_part cache_parts[]{cache_part::keys, cache_part::keys_before_rotation, cache_part::values};

/// The same, and keys and values together.
enum class cache_mix : std::uint8_t { keys, keys_before_rotation, values, both, both_before_rotation };
KVT_CHOICE(cache_mix, "keys", "keys_before_rotation", "values", "both", "both_before_rotation");
inline constexpr cache_mix cache_mixes[]{cache_mix::keys, cache_mix::keys_before_rotation, cache_mix::values,
                                         cache_mix::both, cache_mix::both_before_rotation};

/// What one group of tokens does when it alone is quantized. `attention`: the change of the attention output of its own
/// layer and KV head, for the exact queries of question and answer. `answer`: the rise of the answer's negative
/// log-likelihood when the group is quantized in every layer and head.
enum class damage_kind : std::uint8_t { attention, answer };
KVT_CHOICE(damage_kind, "attention", "answer");

/// What might tell before which groups hurt. `roughness`: 1 less the mean bounded score of the boundaries that a group
/// touches. `noise_power`: the mean of scale squared / 12. `query_bound`: the bound on what the group's errors can change,
/// from the queries themselves. `attention_mass`: the exact attention that the group receives: where the question looks.
/// `roughness_beyond_noise`: roughness with noise power held fixed. `roughness_less_noise`: by how much roughness
/// does better than noise power.
enum class group_sign : std::uint8_t {
    roughness,
    noise_power,
    query_bound,
    attention_mass,
    roughness_beyond_noise,
    roughness_less_noise
};
KVT_CHOICE(group_sign, "roughness", "noise_power", "query_bound", "attention_mass", "roughness_beyond_noise",
           "roughness_less_noise");
inline constexpr std::size_t group_signs = 6;

/// Smoothness of one layer and head, averaged over prompts, with the interval of the mean.
struct smoothness_row {
    cache_part part{};
    std::int64_t layer = 0, head = 0, group = 0;
    double bounded = 1, low = 1, high = 1;
    double worst = 1;     ///< the worst channel (or run of channels) of each prompt, averaged
    double headline = 1;  ///< mean over channels; it judges offsets far from 0 by their distance from 0
};
KVT_RECORD(smoothness_row, part, layer, head, group, bounded, low, high, worst, headline);

/// One boundary's score at the study's first group size, averaged over channels and over the prompts that are long enough.
/// Of values, whose boundaries lie between tokens: the mean over as many of them as a group has tokens.
struct boundary_row {
    cache_part part{};
    std::int64_t layer = 0, head = 0, token = 0;  ///< right of the boundary; of values: the first of the group
    double score = 1;
    std::int64_t prompts = 0;
};
KVT_RECORD(boundary_row, part, layer, head, token, score, prompts);

/// The bounded score of keys before and after eviction. `cache_order`: groups of consecutive survivors, as the cache holds
/// them. `time_order`: the groups of the full cache, each with its survivors.
struct eviction_row {
    cache_part part{};
    std::int64_t layer = 0, head = 0;
    double full = 1, cache_order = 1, time_order = 1;
};
KVT_RECORD(eviction_row, part, layer, head, full, cache_order, time_order);

/// Measured error beside what uniform noise would give, averaged over prompts, layers and heads.
struct noise_row {
    cache_part part{};
    std::int64_t bits = 0, group = 0;
    double mse = 0, expected = 0;  ///< expected: the mean of scale squared / 12
    double bits_per_element = 0;   ///< of what is quantized
};
KVT_RECORD(noise_row, part, bits, group, mse, expected, bits_per_element);

/// A whole cache quantized: what attention and answers make of it. Attention figures are local, with exact queries.
struct mix_row {
    cache_mix mix{};
    std::int64_t bits = 0, group = 0;
    double attention_error = 0;     ///< change of the attention output, relative, root mean square
    double probability_change = 0;  ///< total variation, mean over queries
    double logit_share = 0;         ///< mean change of a logit as a share of its bound; 0 for values
    std::int64_t broken_bounds = 0;
    std::int64_t answered = 0;                      ///< prompts that the exact cache answers
    std::int64_t lost = 0, gained = 0;              ///< of these, no longer; of the others, now
    double likelihood_loss = 0, low = 0, high = 0;  ///< mean rise of the answer's negative log-likelihood, its interval
};
KVT_RECORD(mix_row, mix, bits, group, attention_error, probability_change, logit_share, broken_bounds, answered, lost,
           gained, likelihood_loss, low, high);

/// A sign's Spearman correlation with damage among the groups of one prompt (and layer and head), averaged over them, with
/// a bootstrap interval that draws whole prompts. Null where no prompt has one.
struct sign_row {
    cache_part part{};
    std::int64_t bits = 0;
    damage_kind damage{};
    group_sign sign{};
    std::optional<double> correlation{}, low{}, high{};
    std::int64_t prompts = 0;
    std::string answer{};  ///< in words: see `answer_in_words`
};
KVT_RECORD(sign_row, part, bits, damage, sign, correlation, low, high, prompts, answer);

/// Groups told apart: how many, how many answers were lost with one of them quantized, and the mean damages. Their mean
/// roughness is the same at every width, but for the rounding of stored parameters.
struct group_tally {
    std::int64_t groups = 0, lost = 0;
    double attention_error = 0, likelihood_loss = 0, roughness = 0;
};
KVT_RECORD(group_tally, groups, lost, attention_error, likelihood_loss, roughness);

/// Single groups quantized: the roughest third of each prompt's groups beside the smoothest, and those that hold the
/// answer's evidence beside the others.
struct contrast_row {
    cache_part part{};
    std::int64_t bits = 0;
    group_tally rough{}, smooth{}, evidence{}, other{};
};
KVT_RECORD(contrast_row, part, bits, rough, smooth, evidence, other);

/// Mean boundary scores by place, at the first group size: the first boundary beside all others, those that touch the
/// evidence's groups beside all others.
struct place_row {
    cache_part part{};
    double first = 1, later = 1, evidence = 1, elsewhere = 1;
};
KVT_RECORD(place_row, part, first, later, evidence, elsewhere);

/// "yes" where the whole interval lies above 0.3, "weakly" where it lies above 0; the same below 0 with "no: the reverse"
/// and "no: weakly the reverse"; else "no".
[[nodiscard]] inline std::string answer_in_words(double low, double high) {
    if (low > 0.3) return "yes";
    if (low > 0) return "weakly";
    return high < -0.3 ? "no: the reverse" : high < 0 ? "no: weakly the reverse" : "no";
}

/// How a study is done.
struct cache_study_settings {
    std::vector<std::int64_t> bits{2, 4, 8};
    std::vector<std::int64_t> groups{32, 16,
                                     64};  ///< tokens of keys, channels of values; single groups: of the first size
    std::int64_t residual = 64;            ///< a positive multiple of every group size
    quant::parameter_width parameters = quant::parameter_width::half;
    std::string policy = "snapkv";  ///< of the eviction part
    double budget = 0.5;
    std::int64_t resamples = 2000;
    double alpha = 0.05;
    std::int64_t seed = 1337;

    /// Throws `error{usage}` or `quant_error` naming the setting.
    void check() const;
};
KVT_RECORD(cache_study_settings, bits, groups, residual, parameters, policy, budget, resamples, alpha, seed);

struct cache_findings {
    std::string model, model_hash;
    cache_study_settings settings{};
    std::int64_t prompts = 0, answered = 0;  ///< with the exact cache
    double mean_tokens = 0;                  ///< of the contexts
    std::vector<smoothness_row> smoothness{};
    std::vector<boundary_row> boundaries{};
    std::vector<eviction_row> eviction{};
    std::vector<noise_row> noise{};
    std::vector<mix_row> mixes{};
    std::vector<sign_row> signs{};
    std::vector<contrast_row> contrasts{};
    std::vector<place_row> places{};
    std::vector<std::string> conclusions{};  ///< derived from the rows above
};
KVT_RECORD(cache_findings, model, model_hash, settings, prompts, answered, mean_tokens, smoothness, boundaries,
           eviction, noise, mixes, signs, contrasts, places, conclusions);

}  // namespace kvt::inline KVT_ABI::harness
