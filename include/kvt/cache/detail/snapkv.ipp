#pragma once

#include <kvt/cache/snapkv.hpp>
#include <kvt/core/error.hpp>

#include <algorithm>
#include <cstddef>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL snapkv snapkv::resolved() const {
    bool const paper = dialect == snapkv_dialect::paper;
    snapkv out = *this;
    out.window = window.value_or(paper ? 32 : 64);
    out.kernel = kernel.value_or(paper ? 7 : 5);
    out.pool = pool.value_or(paper ? pooling::max : pooling::average);
    out.group = group.value_or(reduction::mean);
    out.order = order.value_or(paper ? reduction_order::reduce_then_pool : reduction_order::pool_then_reduce);
    return out;
}

KVT_DECL void snapkv::check() const {
    snapkv const p = resolved();
    if (*p.window < 1) throw error{error_kind::usage, "kv.snapkv.window", std::to_string(*p.window), "at least 1"};
    if (*p.kernel < 1 || *p.kernel % 2 == 0)
        throw error{error_kind::usage, "kv.snapkv.kernel", std::to_string(*p.kernel), "an odd number, at least 1"};
}

KVT_DECL std::string snapkv::label() const { return "snapkv@" + std::string{name_of(dialect)}; }

KVT_DECL observation_needs snapkv::needs() const { return {.last_rows = *resolved().window}; }

KVT_DECL std::int32_t snapkv::window_of(std::int32_t slots) const { return std::min(*resolved().window, slots / 2); }

KVT_DECL std::string snapkv::adjustment(std::int32_t slots) const {
    std::int32_t const full_window = *resolved().window;
    if (window_of(slots) == full_window) return {};
    return "window " + std::to_string(full_window) + " reduced to " + std::to_string(window_of(slots));
}

KVT_DECL void snapkv::select(head_view const& view, std::int32_t slots, random_stream,
                             std::vector<std::int32_t>& kept) const {
    if (view.length() <= slots) return keep_range(0, view.length(), kept);
    snapkv const p = resolved();
    std::int32_t const window_rows = p.window_of(slots + view.incoming);
    std::int32_t const recent = std::min(slots, std::max(0, window_rows - view.incoming));
    std::int32_t const candidates = view.length() - recent;
    keep_highest(p.scores(view, candidates, window_rows), 0, slots - recent, kept);
    keep_range(candidates, view.length(), kept);
}

KVT_DECL snapkv::row snapkv::window_sums(observed_head const& head, std::int32_t candidates, std::int32_t count) {
    row sums(static_cast<std::size_t>(candidates));
    std::size_t const rows = std::min(head.rows.size(), static_cast<std::size_t>(count));
    for (std::size_t i = head.rows.size() - rows; i < head.rows.size(); ++i)
        for (std::size_t slot = 0; slot < std::min(sums.size(), head.rows[i].size()); ++slot)
            sums[slot] += static_cast<double>(head.rows[i][slot]);
    return sums;
}

KVT_DECL snapkv::row snapkv::pooled(row const& scores) const {
    auto const n = static_cast<std::ptrdiff_t>(scores.size()), half = static_cast<std::ptrdiff_t>(*kernel / 2);
    row out(scores.size());
    for (std::ptrdiff_t i = 0; i < n; ++i) {
        double best = 0, sum = 0;  // attention is never negative
        for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, i - half); j <= std::min(n - 1, i + half); ++j) {
            best = std::max(best, scores[static_cast<std::size_t>(j)]);
            sum += scores[static_cast<std::size_t>(j)];
        }
        out[static_cast<std::size_t>(i)] = *pool == pooling::max ? best : sum / *kernel;
    }
    return out;
}

KVT_DECL std::vector<float> snapkv::scores(head_view const& view, std::int32_t candidates,
                                           std::int32_t window_rows) const {
    row total(static_cast<std::size_t>(candidates));
    for (observed_head const& head : view.queries) {
        row own = window_sums(head, candidates, window_rows);
        if (*order == reduction_order::pool_then_reduce) own = pooled(own);
        for (std::size_t i = 0; i < total.size(); ++i)
            total[i] = *group == reduction::max ? std::max(total[i], own[i]) : total[i] + own[i];
    }
    if (*group == reduction::mean)
        for (double& x : total) x /= static_cast<double>(view.queries.size());
    if (*order == reduction_order::reduce_then_pool) total = pooled(total);
    return {total.begin(), total.end()};
}

}  // namespace kvt::inline KVT_ABI::cache
