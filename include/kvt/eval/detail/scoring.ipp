// Definitions of eval/scoring.hpp.
#pragma once

#include <kvt/eval/scoring.hpp>
#include <kvt/text/normalize.hpp>
#include <kvt/text/unicode.hpp>

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

KVT_DECL score common_score(answer const& came_back, std::span<std::string const> golds) {
    score out{.reason = reason_against(came_back, golds), .label = label_of(came_back)};
    out.scorable = !out.reason;
    if (came_back.responded && came_back.text) out.pred_norm = text::normalize(*came_back.text);
    if (!golds.empty()) out.gold_norm = text::normalize(golds.front());
    if (!out.scorable) return out;
    out.em = best(exact_match{}, *came_back.text, golds);
    out.f1_set = best(token_f1{text::overlap::set}, *came_back.text, golds);
    out.f1 = out.f1_multiset = best(token_f1{text::overlap::multiset}, *came_back.text, golds);
    return out;
}

}  // namespace kvt::inline KVT_ABI::eval::detail
