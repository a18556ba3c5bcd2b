// Definitions of eval/scoring.hpp.
#pragma once

#include <kvt/eval/scoring.hpp>
#include <kvt/text/normalize.hpp>
#include <kvt/text/unicode.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::eval::detail {

[[nodiscard]] KVT_DECL std::optional<unscorable> reason_against(answer const& came_back,
                                                                std::span<std::string const> golds) {
    if (came_back.failure) return unscorable::failure;
    if (!came_back.responded) return unscorable::no_response;
    if (!came_back.text || text::trim(*came_back.text).empty()) return unscorable::empty_output;
    if (golds.empty()) return unscorable::no_gold;
    return std::nullopt;
}

[[nodiscard]] KVT_DECL std::optional<failure_label> label_of(answer const& came_back) {
    if (came_back.failure) return came_back.failure;
    if (!came_back.responded) return failure_label::unknown_failure;
    return classify_response(came_back.text, came_back.finish_reason);
}

KVT_DECL score score_without_task(answer const& came_back, std::span<std::string const> golds, scoring const& rules) {
    score out{
        .reason = reason_against(came_back, golds), .label = label_of(came_back), .metric_version = rules.version()};
    out.scorable = !out.reason;
    if (came_back.responded && came_back.text) out.pred_norm = text::normalize(*came_back.text);
    if (!golds.empty()) out.gold_norm = text::normalize(golds.front());
    if (!out.scorable) return out;
    for (auto const& gold : golds) {
        std::string const wanted = text::normalize(gold);
        out.em = std::max(out.em, *out.pred_norm == wanted ? 1.0 : 0.0);
        bool const both_empty = out.pred_norm->empty() && wanted.empty();
        auto const counts = text::count_overlap(*out.pred_norm, wanted);
        auto const f1 = [&](text::overlap kind) { return both_empty ? 1.0 : text::overlap_f1(counts, kind); };
        out.f1_set = std::max(out.f1_set, f1(text::overlap::set));
        out.f1_multiset = std::max(out.f1_multiset, f1(text::overlap::multiset));
    }
    out.f1 = rules.f1_overlap == text::overlap::set ? out.f1_set : out.f1_multiset;
    out.acc = rules.primary_metric == primary_metric::em ? out.em : out.f1;
    return out;
}

}  // namespace kvt::inline KVT_ABI::eval::detail
