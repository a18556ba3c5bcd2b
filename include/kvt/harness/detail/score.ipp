#pragma once

#include <kvt/harness/score.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<scorable_request> scorable_requests(store::session& store, std::string const& run_id) {
    std::vector<scorable_request> out;
    for (auto const& request : store::select<request_row>(store, {{"run_id", run_id}}, {"entry_idx"})) {
        store::where const key{{"request_id", request.request_id}};
        auto& next = out.emplace_back(scorable_request{request.request_id, {}, {}});
        auto const example =
            store::first<example_row>(store, {{"dataset_id", request.dataset_id}, {"example_id", request.example_id}});
        if (example) {
            auto const answers = parse_json(example->answers_json, "examples.answers_json");
            for (auto const& gold : answers.items()) next.golds.push_back(gold.text());
        }
        if (auto const answer = store::first<response_row>(store, key))
            next.came_back = {.responded = true, .text = answer->text, .finish_reason = answer->finish_reason};
        else if (auto const failure = store::first<failure_row>(store, key))
            next.came_back.failure = choice_of<eval::failure_label>(failure->error_type.value_or(""))
                                         .value_or(eval::failure_label::unknown_failure);
    }
    return out;
}

KVT_DECL bool score_stands(store::session& store, std::string const& request_id, std::string const& version) {
    auto const row = store::first<score_row>(store, {{"request_id", request_id}});
    return row && row->metric_version == version && row->reason != "FAILURE" && row->reason != "NO_RESPONSE";
}

KVT_DECL score_row to_row(std::string const& request_id, eval::score const& s) {
    score_row out;
    out.request_id = request_id;
    out.em = s.em, out.f1 = s.f1, out.acc = s.acc;
    out.pred_norm = s.pred_norm, out.gold_norm = s.gold_norm;
    out.f1_set = s.f1_set, out.f1_multiset = s.f1_multiset, out.task_score = s.task_score;
    out.scorable = s.scorable ? 1 : 0;
    if (s.reason) out.reason = std::string{name_of(*s.reason)};
    out.metric_version = s.metric_version;
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
