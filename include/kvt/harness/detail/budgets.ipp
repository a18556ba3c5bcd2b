#pragma once

#include <kvt/harness/budgets.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/terms.hpp>

#include <map>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

inline engine::budget_evidence measure_run(store::session& store, run_row const& run) {
    auto const telemetry = rows_by_request<telemetry_row>(store, run.run_id);
    auto const receipts = rows_by_request<receipt_row>(store, run.run_id);
    auto sent = engine::budget_sent::yes;  // unless an answer says otherwise
    std::vector<engine::kv_report> reports;
    std::string problem;
    for (auto const& request : store::select<request_row>(store, {{"run_id", run.run_id}}, {"entry_idx"})) {
        auto const t = telemetry.find(request.request_id);
        if (t == telemetry.end()) continue;
        if (t->second.budget_sent != name_of(engine::budget_sent::yes)) sent = engine::budget_sent::no;
        auto& report = reports.emplace_back();
        report.proof =
            choice_of<engine::evidence>(t->second.evidence.value_or("none")).value_or(engine::evidence::none);
        report.total_tokens = t->second.kv_total_tokens, report.retained_tokens = t->second.kv_retained_tokens;
        if (report.proof != engine::evidence::receipts) continue;
        auto const r = receipts.find(request.request_id);
        auto const wrong = r == receipts.end() ? std::optional<std::string>{"is not in the store"}
                                               : receipt_problem(run, request, t->second, r->second);
        if (!wrong) continue;
        report = {};  // a claim that does not hold proves nothing, its counts included
        if (problem.empty()) problem = "the receipt of " + request.request_id + " " + *wrong;
    }
    auto out = engine::measure_budget(run.kv_budget.value_or(1), sent, reports);
    out.reason = std::move(problem);
    return out;
}

/// Judges, and lets what is wrong with a receipt stand as the reason.
inline void judge(std::span<engine::budget_evidence> together) {
    std::vector<std::string> problems;
    for (auto const& e : together) problems.push_back(e.reason);
    engine::judge(together);
    for (std::size_t i = 0; i < together.size(); ++i)
        if (!problems[i].empty()) together[i].reason = problems[i];
}

}  // namespace detail

KVT_DECL void record_budgets(store::session& store, std::string const& group) {
    auto const runs = group_runs(store, group);
    std::map<std::string, engine::budget_evidence> measured, judged;
    for (auto const& run : runs) measured[run.run_id] = detail::measure_run(store, run);
    for (auto const& policy : policies_of(runs)) {
        std::vector<engine::budget_evidence> together;
        auto const curve = curve_of(runs, policy);
        for (auto const& run : curve) together.push_back(measured[run.run_id]);
        detail::judge(together);
        for (std::size_t i = 0; i < curve.size(); ++i) {  // the full cache is in every curve: its best reading stays
            auto& best = judged.try_emplace(curve[i].run_id, together[i]).first->second;
            if (together[i].level > best.level) best = together[i];
        }
    }
    for (auto& [run_id, alone] : measured)  // a full cache beside a policy at budget 1 is in no curve
        if (!judged.contains(run_id)) {
            detail::judge({&alone, 1});
            judged[run_id] = alone;
        }
    store::transaction(store, [&] {
        for (auto run : runs) {
            auto const& found = judged.at(run.run_id);
            run.budget_level = name_of(found.level);
            run.budget_evidence = dump(to_json(found));
            store::upsert(store, run);
        }
    });
}

KVT_DECL engine::budget_evidence budget_of(run_row const& run) {
    if (run.budget_evidence)
        return from_json<engine::budget_evidence>(parse_json(*run.budget_evidence), "runs.budget_evidence");
    return {.budget = run.kv_budget.value_or(1), .reason = "nothing was written down when the run ended"};
}

}  // namespace kvt::inline KVT_ABI::harness
