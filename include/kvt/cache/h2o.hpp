// h2o: half recent entries, half heavy hitters, the entries that attention has fallen on most so far.
#pragma once

#include <kvt/cache/policy.hpp>

namespace kvt::inline KVT_ABI::cache {

/// Zhang et al.: "H2O: Heavy-Hitter Oracle for Efficient Generative Inference of Large Language Models" (2023). An
/// entry's score is the attention it received from every query since it was written, summed; at every step survivors
/// carry theirs on. Raw sums favour old entries, which have been seen by more queries; that is the published form.
/// The most recent entries always stay. Query heads that share a KV head are reduced to one score.
struct h2o {
    static constexpr std::string_view name = "h2o";
    static constexpr budget_mode when = budget_mode::capped;

    double heavy_share = 0.5;  ///< of the budget, rounded up; the rest is recent
    cache::reduction group = cache::reduction::mean;

    [[nodiscard]] static observation_needs needs() { return {.column_sums = true}; }
    void check() const {
        if (!(heavy_share >= 0 && heavy_share <= 1))
            throw error{error_kind::usage, "kv.h2o.heavy_share", std::to_string(heavy_share), "a fraction in [0, 1]"};
    }
    /// Heavy hitters under a budget of `slots` entries.
    [[nodiscard]] std::int32_t heavy_of(std::int32_t slots) const {
        return static_cast<std::int32_t>(std::ceil(heavy_share * slots));
    }

    void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) const {
        if (view.length() <= slots) return keep_range(0, view.length(), kept);
        std::int32_t const heavy = std::min(slots, heavy_of(slots + view.incoming));
        std::int32_t const candidates = view.length() - (slots - heavy);
        keep_highest(scores(view, candidates), 0, heavy, kept);
        keep_range(candidates, view.length(), kept);
    }

  private:
    [[nodiscard]] std::vector<float> scores(head_view const& view, std::int32_t count) const {
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
};
KVT_RECORD(h2o, heavy_share, group);

}  // namespace kvt::inline KVT_ABI::cache
