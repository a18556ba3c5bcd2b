#pragma once

#include <kvt/engine/probe.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::engine::detail {

KVT_DECL probe_notes note_probe(double budget, outcome const& given) {
    probe_notes out{.row = {.budget = budget}, .text = {}};
    auto& row = out.row;
    if (auto const* bad = std::get_if<failure>(&given)) {
        row.outcome = name_of(bad->kind);
        row.note = bad->message;
        return out;
    }
    auto const& good = std::get<response>(given);
    row.outcome = "answered";
    row.proof = proof_of(good);
    row.total_tokens = good.kv_total_tokens;
    row.retained_tokens = good.kv_retained_tokens;
    if (good.receipt) row.bytes_full = good.receipt->bytes_full, row.bytes_kept = good.receipt->bytes_kept;
    row.latency_s = good.latency_s;
    if (auto const* problem = good.notes.find("kv_problem"); problem != nullptr && problem->is_text())
        row.note = problem->text();
    out.text = good.text;
    out.sent = good.sent;
    return out;
}

KVT_DECL probe_result conclude_probe(identity who, std::span<double const> budgets,
                                     std::vector<probe_notes> const& notes) {
    probe_result out{.who = std::move(who)};
    for (auto const& n : notes) out.rows.push_back(n.row);
    for (double const budget : budgets) {
        std::vector<kv_report> reports;
        auto sent = budget_sent::yes;  // if it was with every answer
        for (auto const& n : notes)
            if (n.row.budget == budget && n.row.outcome == "answered") {
                reports.push_back({n.row.proof, n.row.total_tokens, n.row.retained_tokens});
                sent = std::min(sent, n.sent);
            }
        out.budgets.push_back(measure_budget(budget, sent, reports));
    }
    judge(out.budgets);
    if (budgets.empty()) return out;
    auto const [least, most] = std::ranges::minmax(budgets);
    std::vector<std::string> small, large;
    for (auto const& n : notes) {
        if (n.row.budget == least) small.push_back(n.text.value_or(""));
        if (n.row.budget == most) large.push_back(n.text.value_or(""));
    }
    if (least < most) out.outputs = compare_outputs(large, small);
    return out;
}

}  // namespace kvt::inline KVT_ABI::engine::detail
