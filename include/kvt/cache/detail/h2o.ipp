#pragma once

#include <kvt/cache/h2o.hpp>
#include <kvt/core/error.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL void h2o::check() const {
    if (!(heavy_share >= 0 && heavy_share <= 1))
        throw error{error_kind::usage, "kv.h2o.heavy_share", std::to_string(heavy_share), "a fraction in [0, 1]"};
}

KVT_DECL std::int32_t h2o::heavy_of(std::int32_t slots) const {
    return static_cast<std::int32_t>(std::ceil(heavy_share * slots));
}

KVT_DECL void h2o::select(head_view const& view, std::int32_t slots, random_stream,
                          std::vector<std::int32_t>& kept) const {
    if (view.length() <= slots) return keep_range(0, view.length(), kept);
    std::int32_t const heavy = std::min(slots, heavy_of(slots + view.incoming));
    std::int32_t const candidates = view.length() - (slots - heavy);
    keep_highest(scores(view, candidates), 0, heavy, kept);
    keep_range(candidates, view.length(), kept);
}

KVT_DECL std::vector<float> h2o::scores(head_view const& view, std::int32_t count) const {
    std::vector<float> out(static_cast<std::size_t>(count));
    for (std::size_t slot = 0; slot < out.size(); ++slot) {
        double score = 0;
        for (observed_head const& q : view.queries) {
            double const sum = slot < q.sums.size() ? q.sums[slot] : 0;
            score = group == reduction::max ? std::max(score, sum) : score + sum;
        }
        out[slot] =
            static_cast<float>(group == reduction::mean ? score / static_cast<double>(view.queries.size()) : score);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::cache
