// interpretation: the band of a score, the action it calls for, and whether the band's other traits hold.
#pragma once

#include <kvt/quant/smoothness.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::quant {

/// Of the headline score (markov-smoothness 4.4): below 0.65 poor, below 0.70 baseline, up to 0.78 good, above
/// excellent.
enum class band : std::uint8_t { poor, baseline, good, excellent };
KVT_CHOICE(band, "poor", "baseline", "good", "excellent");
enum class action : std::uint8_t { raise_bits_or_groups_or_phase3, phase2, optional_phase2_phase3 };
KVT_CHOICE(action, "raise_bits_or_groups_or_phase3", "phase2", "optional_phase2_phase3");
/// Of the score on a page: green from 0.78, amber from 0.65, else red.
enum class score_colour : std::uint8_t { green, amber, red };
KVT_CHOICE(score_colour, "green", "amber", "red");
/// Of the number of violations: 0, up to 3, up to 6, more.
enum class count_label : std::uint8_t { perfect, normal, concerning, poor };
KVT_CHOICE(count_label, "perfect", "normal", "concerning", "poor");

[[nodiscard]] constexpr band band_of(double score) {
    return score < 0.65 ? band::poor : score < 0.70 ? band::baseline : score <= 0.78 ? band::good : band::excellent;
}
[[nodiscard]] constexpr action action_for(band b) {
    return b == band::poor        ? action::raise_bits_or_groups_or_phase3
           : b == band::excellent ? action::optional_phase2_phase3
                                  : action::phase2;
}
[[nodiscard]] constexpr score_colour colour_of(double score) {
    return score >= 0.78 ? score_colour::green : score >= 0.65 ? score_colour::amber : score_colour::red;
}
[[nodiscard]] constexpr count_label label_of(std::size_t violations) {
    return violations == 0   ? count_label::perfect
           : violations <= 3 ? count_label::normal
           : violations <= 6 ? count_label::concerning
                             : count_label::poor;
}
/// The action in words.
[[nodiscard]] std::string_view advice(action a);

/// Whether a trait is as the band leads one to expect; these never change the band.
struct trait_checks {
    bool violations = false, severity = false, boundaries = false, cosine = false;
};
KVT_RECORD(trait_checks, violations, severity, boundaries, cosine);

struct interpretation {
    quant::band band = quant::band::poor;
    quant::action action = quant::action::phase2;
    score_colour colour = score_colour::red;
    count_label count_band = count_label::perfect;
    bool phase2_target_met = false, phase3_target_met = false;  ///< a score of at least 0.82, at least 0.90
    trait_checks checks{};
};
KVT_RECORD(interpretation, band, action, colour, count_band, phase2_target_met, phase3_target_met, checks);

[[nodiscard]] interpretation interpret(double score, std::span<violation const> violations,
                                       std::span<double const> boundary_scores, double cosine);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/interpretation.ipp>
#endif
