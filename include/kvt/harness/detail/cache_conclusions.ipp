// Definitions of harness/cache_conclusions.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/cache_conclusions.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

KVT_DECL std::string with_interval(sign_row const& s) {
    if (!s.correlation) return "undefined";
    return fixed(*s.correlation, 2) + " [" + fixed(*s.low, 2) + ", " + fixed(*s.high, 2) + "]";
}

/// An empty row where there is none.
KVT_DECL sign_row sign_of(cache_findings const& f, cache_part part, std::int64_t bits, damage_kind damage,
                          group_sign sign) {
    auto const found = std::ranges::find_if(f.signs, [&](sign_row const& s) {
        return s.part == part && s.bits == bits && s.damage == damage && s.sign == sign;
    });
    return found == f.signs.end() ? sign_row{} : *found;
}

KVT_DECL std::string smoothness_sentence(cache_findings const& f, cache_part part) {
    auto const bits = f.settings.bits.front();
    auto const sign = [&](damage_kind d, group_sign s) { return sign_of(f, part, bits, d, s); };
    auto const words = [](sign_row const& s) { return s.answer.empty() ? std::string{"not to be said"} : s.answer; };
    auto const output = sign(damage_kind::attention, group_sign::roughness);
    auto const answer = sign(damage_kind::answer, group_sign::roughness);
    auto const beyond = sign(damage_kind::attention, group_sign::roughness_beyond_noise);
    return "Does smoothness tell which groups hurt (" + std::string{name_of(part)} + ", " + std::to_string(bits) +
           " bits, groups of " + std::to_string(f.settings.groups.front()) +
           ")? For the attention output: " + words(output) + ", rank correlation " + with_interval(output) +
           "; with noise power held fixed: " + words(beyond) + ", " + with_interval(beyond) +
           "; for the answer's likelihood: " + words(answer) + ", " + with_interval(answer) +
           ". Noise power alone: " + with_interval(sign(damage_kind::attention, group_sign::noise_power)) + " and " +
           with_interval(sign(damage_kind::answer, group_sign::noise_power)) + "; the attention a group receives: " +
           with_interval(sign(damage_kind::attention, group_sign::attention_mass)) + " and " +
           with_interval(sign(damage_kind::answer, group_sign::attention_mass)) + ".";
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
    for (auto const part : cache_parts) out.push_back(detail::smoothness_sentence(f, part));
    out.push_back(detail::rotation_sentence(f));
    if (auto said = detail::eviction_sentence(f); !said.empty()) out.push_back(std::move(said));
    out.push_back(detail::bound_sentence(f));
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
