#pragma once

#include <kvt/harness/budgets.hpp>
#include <kvt/harness/group.hpp>

#include <map>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

inline engine::budget_evidence measure_run(store::session& store, run_row const& run, engine::budget_sent sent) {
    std::vector<engine::kv_report> reports;
    store::where const of_run{{"request_id", store::values_of<request_row>("request_id", {{"run_id", run.run_id}})}};
    for (auto const& t : store::select<telemetry_row>(store, of_run))
        reports.push_back({choice_of<engine::evidence>(t.evidence.value_or("none")).value_or(engine::evidence::none),
                           t.kv_total_tokens, t.kv_retained_tokens});
    return engine::measure_budget(run.kv_budget.value_or(1), sent, reports);
}

}  // namespace detail

KVT_DECL void record_budgets(store::session& store, std::string const& group, engine::budget_sent sent) {
    auto const runs = group_runs(store, group);
    std::map<std::string, engine::budget_evidence> judged;
    for (auto const& policy : policies_of(runs)) {
        std::vector<engine::budget_evidence> together;
        auto const curve = curve_of(runs, policy);
        for (auto const& run : curve) together.push_back(detail::measure_run(store, run, sent));
        engine::judge(together);
        for (std::size_t i = 0; i < curve.size(); ++i) {  // the full cache is in every curve: its best reading stays
            auto& best = judged.try_emplace(curve[i].run_id, together[i]).first->second;
            if (together[i].level > best.level) best = together[i];
        }
    }
    for (auto const& run : runs)  // a full cache beside a policy at budget 1 is in no curve
        if (!judged.contains(run.run_id)) {
            auto alone = detail::measure_run(store, run, sent);
            engine::judge({&alone, 1});
            judged[run.run_id] = std::move(alone);
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
    if (run.budget_evidence) return from_json<engine::budget_evidence>(parse_json(*run.budget_evidence), "runs.budget_evidence");
    return {.budget = run.kv_budget.value_or(1), .reason = "nothing was written down when the run ended"};
}

}  // namespace kvt::inline KVT_ABI::harness
