#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/report_words.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::string baseline_words(findings const& f) {
    return f.baseline_budget < 1 ? "the largest budget (" + fixed(f.baseline_budget, 2) + ")" : "the full cache";
}

KVT_DECL std::string baseline_label(findings const& f) {
    return f.baseline_budget < 1 ? "budget " + fixed(f.baseline_budget, 2) : "full cache";
}

KVT_DECL std::string unproven_mark(findings const& f) {
    return f.budgets_proven ? "" : " (budgets not proven applied)";
}

KVT_DECL std::string interval_words(findings const& f) {
    if (!f.alpha) return "interval";
    auto const percent = fixed(100 * (1 - *f.alpha), 1);
    return (percent.ends_with(".0") ? percent.substr(0, percent.size() - 2) : percent) + " % interval";
}

KVT_DECL std::string no_reading(findings const& f) {
    return "No transition can be read: " + baseline_words(f) + " already fails (mean accuracy " +
           fixed(f.baseline_accuracy, 3) + ", below the threshold of " + fixed(f.threshold, 2) + ").";
}

KVT_DECL std::string lost_bins(zone const& z) {
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

KVT_DECL std::string hold_words(zone const& z) {
    std::size_t held = 0;
    for (auto const& b : z.bins) held += b.holds_at && z.smallest_budget && *b.holds_at <= *z.smallest_budget ? 1 : 0;
    if (held == z.bins.size()) return "holds";
    return "holds in " + std::to_string(held) + " of " + std::to_string(z.bins.size()) + " bins";
}

KVT_DECL std::string zone_sentence(zone const& z, findings const& f) {
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
