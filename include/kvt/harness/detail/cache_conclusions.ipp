// Definitions of harness/cache_conclusions.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/cache_conclusions.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

KVT_DECL std::string with_interval(predictor_row const& s) {
    if (!s.correlation) return "undefined";
    return fixed(*s.correlation, 2) + " [" + fixed(*s.low, 2) + ", " + fixed(*s.high, 2) + "]";
}

/// An empty row where there is none.
KVT_DECL predictor_row predictor_of(cache_findings const& f, cache_part part, std::int64_t bits, damage_kind damage,
                                    group_predictor predictor) {
    auto const found = std::ranges::find_if(f.predictors, [&](predictor_row const& s) {
        return s.part == part && s.bits == bits && s.damage == damage && s.predictor == predictor;
    });
    return found == f.predictors.end() ? predictor_row{} : *found;
}

KVT_DECL std::string smoothness_sentence(cache_findings const& f, cache_part part) {
    using enum group_predictor;
    auto const bits = f.settings.bits.front();
    auto const row = [&](damage_kind d, group_predictor p) { return predictor_of(f, part, bits, d, p); };
    auto const words = [](predictor_row const& s) {
        return s.answer.empty() ? std::string{"not to be said"} : s.answer;
    };
    auto const both = [&](group_predictor p) {
        return with_interval(row(damage_kind::attention, p)) + " and " + with_interval(row(damage_kind::answer, p));
    };
    auto const output = row(damage_kind::attention, roughness);
    auto const answer = row(damage_kind::answer, roughness);
    auto const beyond = row(damage_kind::attention, roughness_beyond_noise);
    return "Does smoothness tell which groups hurt (" + std::string{name_of(part)} + ", " + std::to_string(bits) +
           " bits, groups of " + std::to_string(f.settings.groups.front()) +
           ")? For the attention output: " + words(output) + ", rank correlation " + with_interval(output) +
           "; with noise power held fixed: " + words(beyond) + ", " + with_interval(beyond) +
           "; for the answer's likelihood: " + words(answer) + ", " + with_interval(answer) + "." +
           (applies(weighted_roughness, part) ? " Weighted by the queries: " + both(weighted_roughness) + "." : "") +
           " Noise power alone: " + both(noise_power) + "; the attention a group receives: " + both(attention_mass) +
           ".";
}

/// In per cent, and whether the interval leaves 0 out.
KVT_DECL std::string lost_sentence(cache_findings const& f, cache_part part) {
    auto const bits = f.settings.bits.front();
    auto const r = std::ranges::find_if(f.lost, [&](lost_row const& l) {
        return l.part == part && l.bits == bits && l.predictor == group_predictor::roughness;
    });
    std::string const start = "Lost answers (" + std::string{name_of(part)} + ", " + std::to_string(bits) + " bits): ";
    if (r == f.lost.end() || !r->difference || !r->low || !r->high) return start + "undefined.";
    return start + "a group of the roughest third loses the answer in " + fixed(100 * r->highest, 2) +
           " % of cases, one of the smoothest third in " + fixed(100 * r->lowest, 2) + " %; the difference is " +
           fixed(100 * *r->difference, 2) + " [" + fixed(100 * *r->low, 2) + ", " + fixed(100 * *r->high, 2) +
           "] points: " +
           (*r->low > 0    ? "rough groups lose more."
            : *r->high < 0 ? "smooth groups lose more."
                           : "neither loses more than the other.");
}

/// Empty where nothing was smoothed.
KVT_DECL std::string online_sentence(cache_findings const& f) {
    auto const r = std::ranges::find_if(
        f.online, [&](online_row const& o) { return o.part == cache_part::keys && o.bits == f.settings.bits.front(); });
    if (r == f.online.end()) return {};
    return "Smoothed online (keys, " + std::to_string(r->bits) + " bits), the bounded score goes from " +
           fixed(r->score_before, 3) + " to " + fixed(r->score_after, 3) + " and the attention output's error from " +
           fixed(r->error_before, 4) + " to " + fixed(r->error_after, 4) +
           (r->change && r->low && r->high ? " (by " + fixed(100 * *r->change, 1) + " % [" + fixed(100 * *r->low, 1) +
                                                 ", " + fixed(100 * *r->high, 1) + "])"
                                           : "") +
           "; answers lost: " + std::to_string(r->lost_before) + " before, " + std::to_string(r->lost_after) +
           " after.";
}

KVT_DECL double mean_score(cache_findings const& f, cache_part part, double smoothness_row::*figure) {
    double sum = 0, n = 0;
    for (auto const& r : f.smoothness)
        if (r.part == part && r.group == f.settings.groups.front()) sum += r.*figure, ++n;
    return n > 0 ? sum / n : 1;
}

KVT_DECL std::string rotation_sentence(cache_findings const& f) {
    double const after = mean_score(f, cache_part::keys, &smoothness_row::bounded),
                 before = mean_score(f, cache_part::keys_before_rotation, &smoothness_row::bounded);
    return "Keys score " + fixed(after, 3) + " as stored and " + fixed(before, 3) +
           " before their rotation (bounded, mean over layers and heads): they are " +
           (before > after   ? "smoother before it."
            : before < after ? "rougher before it."
                             : "as smooth.");
}

/// Empty where nothing was evicted.
KVT_DECL std::string eviction_sentence(cache_findings const& f) {
    double cache = 0, time = 0, full = 0, n = 0;
    for (auto const& e : f.eviction)
        if (e.part == cache_part::keys) full += e.full, cache += e.cache_order, time += e.time_order, ++n;
    if (n == 0) return {};
    return "After " + f.settings.policy + " at " + fixed(f.settings.budget, 2) + " the stored keys score " +
           fixed(cache / n, 3) + " in cache order and " + fixed(time / n, 3) + " in time order, " + fixed(full / n, 3) +
           " before eviction.";
}

KVT_DECL std::string bound_sentence(cache_findings const& f) {
    std::int64_t broken = 0;
    for (auto const& m : f.mixes) broken += m.broken_bounds;
    return broken == 0 ? "No logit changed by more than its bound."
                       : std::to_string(broken) + " changes of logits exceed their bound.";
}

}  // namespace detail

KVT_DECL std::vector<std::string> conclusions_of(cache_findings const& f) {
    std::vector<std::string> out;
    if (f.answered == 0) out.push_back("The exact cache answers none of the prompts: answers cannot be lost.");
    if (f.prompts < 10)
        out.push_back("With " + std::to_string(f.prompts) + (f.prompts == 1 ? " prompt" : " prompts") +
                      " the intervals are overconfident: resampling so few shows too little of how prompts differ.");
    for (auto const part : cache_parts) out.push_back(detail::smoothness_sentence(f, part));
    for (auto const part : cache_parts) out.push_back(detail::lost_sentence(f, part));
    out.push_back(detail::rotation_sentence(f));
    if (auto said = detail::eviction_sentence(f); !said.empty()) out.push_back(std::move(said));
    if (auto said = detail::online_sentence(f); !said.empty()) out.push_back(std::move(said));
    out.push_back(detail::bound_sentence(f));
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
