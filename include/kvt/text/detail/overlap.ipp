#pragma once

#include <kvt/text/normalize.hpp>
#include <kvt/text/overlap.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::text {

KVT_DECL overlap_counts count_overlap(std::string_view pred_normalised, std::string_view gold_normalised) {
    auto pred = words(pred_normalised), gold = words(gold_normalised);
    overlap_counts counts{.pred_tokens = pred.size(), .gold_tokens = gold.size()};
    std::sort(pred.begin(), pred.end());
    std::sort(gold.begin(), gold.end());
    std::string_view const* last = nullptr;
    for (auto p = pred.begin(), g = gold.begin(); p != pred.end() && g != gold.end();) {
        if (*p < *g) ++p;
        else if (*g < *p) ++g;
        else {
            ++counts.multiset;
            if (last == nullptr || *last != *p) ++counts.set;
            last = &*p;
            ++p, ++g;
        }
    }
    return counts;
}

KVT_DECL double overlap_f1(std::string_view pred_normalised, std::string_view gold_normalised, overlap kind) {
    if (pred_normalised.empty() || gold_normalised.empty()) return pred_normalised.empty() && gold_normalised.empty() ? 1 : 0;
    return overlap_f1(count_overlap(pred_normalised, gold_normalised), kind);
}

}  // namespace kvt::inline KVT_ABI::text
