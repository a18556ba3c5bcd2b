// Sentences that reports and terminals share, so that both say the same.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/findings.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

/// What every run is compared with; a group without a full cache has only its largest budget.
[[nodiscard]] inline std::string baseline_words(findings const& f) {
    return f.baseline_budget < 1 ? "the largest budget (" + fixed(f.baseline_budget, 2) + ")" : "the full cache";
}

/// The same as the heading of a column.
[[nodiscard]] inline std::string baseline_label(findings const& f) {
    return f.baseline_budget < 1 ? "budget " + fixed(f.baseline_budget, 2) : "full cache";
}

/// What the title of every comparison of budgets ends in where they are not proven applied (spec I6).
[[nodiscard]] inline std::string unproven_mark(findings const& f) {
    return f.budgets_proven ? "" : " (budgets not proven applied)";
}

/// "95 % interval", or "interval" where the rule has no such parameter.
[[nodiscard]] inline std::string interval_words(findings const& f) {
    if (!f.alpha) return "interval";
    auto const percent = fixed(100 * (1 - *f.alpha), 1);
    return (percent.ends_with(".0") ? percent.substr(0, percent.size() - 2) : percent) + " % interval";
}

/// Why no transition can be read when the baseline is no better than the fall that detectors look for.
[[nodiscard]] inline std::string no_reading(findings const& f) {
    return "No transition can be read: " + baseline_words(f) + " already fails (mean accuracy " +
           fixed(f.baseline_accuracy, 3) + ", below the threshold of " + fixed(f.threshold, 2) + ").";
}

/// What a flat mean over bins hides: the bins that do not hold down to the smallest budget.
[[nodiscard]] inline std::string lost_bins(zone const& z) {
    if (z.bins.empty() || !z.smallest_budget) return {};
    std::string which;
    std::size_t lost = 0;
    for (auto const& b : z.bins)
        if (!b.holds_at || *b.holds_at > *z.smallest_budget)
            ++lost, which += (which.empty() ? "" : ", ") + std::to_string(b.token_min) + "–" +
                             std::to_string(b.token_max) + " tokens " +
                             (b.holds_at ? "down to " + fixed(b.holds_at, 2) : "nowhere");
    if (lost == 0) return {};
    return std::string{z.failure_driven ? "; " : " in the mean over bins, but "} + std::to_string(lost) + " of " +
           std::to_string(z.bins.size()) +
           (lost == 1 ? " bins does not hold to the smallest budget (" : " bins do not hold to the smallest budget (") +
           which + ")";
}

/// The bins that hold down to the smallest budget: "holds", "holds in 4 of 5 bins".
[[nodiscard]] inline std::string hold_words(zone const& z) {
    std::size_t held = 0;
    for (auto const& b : z.bins) held += b.holds_at && z.smallest_budget && *b.holds_at <= *z.smallest_budget ? 1 : 0;
    if (held == z.bins.size()) return "holds";
    return "holds in " + std::to_string(held) + " of " + std::to_string(z.bins.size()) + " bins";
}

/// Where one policy breaks, in a sentence.
[[nodiscard]] inline std::string zone_sentence(zone const& z, findings const& f) {
    auto const who = z.policy + unproven_mark(f);
    if (z.failure_driven)
        return who + ": answers stop arriving: accuracy falls only where unanswered requests count as 0" +
               lost_bins(z) + ".";
    if (!z.step.found()) return who + ": no transition detected" + lost_bins(z) + ".";
    std::string out = who + ": breaks between budget " + fixed(z.step.pre_budget, 2) + " (accuracy " +
                      fixed(z.step.acc_pre, 3) + ") and " + fixed(z.step.transition_budget, 2) + " (" +
                      fixed(z.step.acc_post, 3) + "), a fall of " + fixed(z.step.drop, 3);
    if (z.drop_low) out += " [" + fixed(z.drop_low, 3) + ", " + fixed(z.drop_high, 3) + "]";
    if (z.step.transition_bin_idx) out += ", most in bin " + std::to_string(*z.step.transition_bin_idx);
    return out + ".";
}

}  // namespace kvt::inline KVT_ABI::harness
