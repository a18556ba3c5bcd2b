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
/// touches. `weighted_roughness`: the same with every channel counting as much as the queries ask of it (mean |q_d|).
/// `noise_power`: the mean of scale squared / 12. `query_bound`: what the group's errors can change of logits at most, from
/// the queries themselves. `attention_times_scale`: of values, the attention that each token receives times half its mean
/// scale; no bound. `attention_mass`: the exact attention that the group receives: where the question looks.
/// `roughness_beyond_noise`: roughness with noise power held fixed. `roughness_less_noise`: by how much roughness does
/// better than noise power.
enum class group_predictor : std::uint8_t {
    roughness,
    weighted_roughness,
    noise_power,
    query_bound,
    attention_times_scale,
    attention_mass,
    roughness_beyond_noise,
    roughness_less_noise
};
KVT_CHOICE(group_predictor, "roughness", "weighted_roughness", "noise_power", "query_bound", "attention_times_scale",
           "attention_mass", "roughness_beyond_noise", "roughness_less_noise");
inline constexpr std::size_t group_predictors = 8;
inline constexpr std::size_t measured_predictors = 6;  ///< the first ones: a number for each group

/// Whether a part has the predictor: queries meet the channels of keys and not those of values.
[[nodiscard]] constexpr bool applies(group_predictor p, cache_part part) {
    bool const values = part == cache_part::values;
    if (p == group_predictor::weighted_roughness || p == group_predictor::query_bound) return !values;
    return p != group_predictor::attention_times_scale || values;
}

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

/// A predictor's Spearman correlation with damage among the groups of one prompt (and layer and head), averaged over them,
/// with a bootstrap interval that draws whole prompts. Null where no prompt has one.
struct predictor_row {
    cache_part part{};
    std::int64_t bits = 0;
    damage_kind damage{};
    group_predictor predictor{};
    std::optional<double> correlation{}, low{}, high{};
    std::int64_t prompts = 0;
    std::string answer{};  ///< in words: see `answer_in_words`
};
KVT_RECORD(predictor_row, part, bits, damage, predictor, correlation, low, high, prompts, answer);

/// The same of one layer and KV head alone; damage to its own attention output.
struct head_row {
    cache_part part{};
    std::int64_t bits = 0, layer = 0, head = 0;
    group_predictor predictor{};
    std::optional<double> correlation{}, low{}, high{};
    std::int64_t prompts = 0;
};
KVT_RECORD(head_row, part, bits, layer, head, predictor, correlation, low, high, prompts);

/// Lost answers: the share of single groups whose quantization loses the answer, among the third that a predictor puts
/// highest (by the mean over layers and heads) and the third that it puts lowest, over the prompts that the exact cache
/// answers. `difference` is the mean over prompts of the one less the other, with a bootstrap interval that draws prompts,
/// so that both thirds are always of the same ones. Null where there is no such prompt.
struct lost_row {
    cache_part part{};
    std::int64_t bits = 0;
    group_predictor predictor{};
    double highest = 0, lowest = 0;
    std::optional<double> difference{}, low{}, high{};
    std::int64_t prompts = 0;
};
KVT_RECORD(lost_row, part, bits, predictor, highest, lowest, difference, low, high, prompts);

/// Keys at the first group size whose ranges lean on those of the groups before (`quant::smoothed_keys`), beside keys
/// plainly quantized. Scores are bounded ones, averaged over prompts, layers and heads; errors are those of the attention
/// output, as in `mix_row`. `change` is the mean over prompts of the error's change as a share of itself, with its interval.
struct online_row {
    cache_part part{};
    std::int64_t bits = 0;
    double score_before = 1, score_after = 1;
    double mse_before = 0, mse_after = 0;
    double error_before = 0, error_after = 0;
    std::optional<double> change{}, low{}, high{};
    std::int64_t answered = 0, lost_before = 0, lost_after = 0;
};
KVT_RECORD(online_row, part, bits, score_before, score_after, mse_before, mse_after, error_before, error_after, change,
           low, high, answered, lost_before, lost_after);

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
    std::vector<predictor_row> predictors{};
    std::vector<lost_row> lost{};
    std::vector<online_row> online{};
    std::vector<contrast_row> contrasts{};
    std::vector<place_row> places{};
    std::vector<head_row> heads{};
    std::vector<std::string> conclusions{};  ///< derived from the rows above
};
KVT_RECORD(cache_findings, model, model_hash, settings, prompts, answered, mean_tokens, smoothness, boundaries,
           eviction, noise, mixes, predictors, lost, online, contrasts, places, heads, conclusions);

}  // namespace kvt::inline KVT_ABI::harness
