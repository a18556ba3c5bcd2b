#pragma once

#include <kvt/engine/evidence.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL bool fits_budget(double budget, std::int64_t total, std::int64_t retained, std::int64_t always_kept) {
    if (total < 1 || retained < 0 || retained > total) return false;
    if (budget >= 1) return retained == total;
    double const share = static_cast<double>(retained) / static_cast<double>(total);
    double const tolerance = std::max(0.05, static_cast<double>(always_kept) / static_cast<double>(total));
    return std::abs(share - budget) <= tolerance + 1e-12;
}

KVT_DECL budget_evidence measure_budget(double budget, budget_sent sent, std::span<kv_report const> reports,
                                        std::int64_t always_kept) {
    budget_evidence out{.budget = budget, .sent = sent, .always_kept = always_kept};
    out.proof = reports.empty() ? evidence::none : evidence::receipts;
    double sum = 0;
    for (auto const& r : reports) {
        ++out.requests;
        out.proof = std::min(out.proof, r.proof);
        if (r.proof == evidence::receipts) ++out.receipts;
        if (!r.total_tokens || !r.retained_tokens || *r.total_tokens < 1) continue;
        ++out.counted;
        if (fits_budget(budget, *r.total_tokens, *r.retained_tokens, always_kept)) ++out.fitting;
        double const share = static_cast<double>(*r.retained_tokens) / static_cast<double>(*r.total_tokens);
        sum += share;
        out.least_share = std::min(out.least_share.value_or(share), share);
        out.largest_share = std::max(out.largest_share.value_or(share), share);
    }
    if (out.counted > 0) out.mean_share = sum / static_cast<double>(out.counted);
    return out;
}

KVT_DECL void judge(std::span<budget_evidence> group) {
    bool const differ = std::ranges::any_of(group, [&](budget_evidence const& a) {
        return std::ranges::any_of(group, [&](budget_evidence const& b) {
            return a.budget != b.budget && a.mean_share && b.mean_share &&
                   std::abs(*a.mean_share - *b.mean_share) > 1e-9;
        });
    });
    auto const of = [](std::int64_t part, std::int64_t all) {
        return std::to_string(part) + " of " + std::to_string(all);
    };
    for (auto& e : group) {
        e.level = e.sent == budget_sent::no ? budget_level::label : budget_level::declared;
        e.reason.clear();
        if (e.requests == 0) e.reason = "no request was answered";
        else if (e.receipts == e.requests) e.level = budget_level::proven;
        else if (e.sent == budget_sent::no) e.reason = "the budget was not sent";
        else if (e.counted < e.requests)
            e.reason = of(e.counted, e.requests) + " answers say how many tokens were kept";
        else if (e.fitting < e.requests)
            e.reason = of(e.fitting, e.requests) + " answers kept what the budget asks for";
        else if (!differ) e.reason = "no two budgets of the group kept different shares";
        else e.level = budget_level::proven;
    }
}

KVT_DECL noop_check compare_outputs(std::span<std::string const> one, std::span<std::string const> other) {
    noop_check out;
    out.pairs = static_cast<std::int64_t>(std::min(one.size(), other.size()));
    for (std::size_t i = 0; i < static_cast<std::size_t>(out.pairs); ++i) out.identical += one[i] == other[i] ? 1 : 0;
    out.suspect = out.pairs >= 8 && 20 * out.identical >= 19 * out.pairs;
    return out;
}

}  // namespace kvt::inline KVT_ABI::engine
