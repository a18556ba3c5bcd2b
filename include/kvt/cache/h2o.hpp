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
    void check() const;
    /// Heavy hitters under a budget of `slots` entries.
    [[nodiscard]] std::int32_t heavy_of(std::int32_t slots) const;

    void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) const;

  private:
    [[nodiscard]] std::vector<float> scores(head_view const& view, std::int32_t count) const;
};
KVT_RECORD(h2o, heavy_share, group);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/h2o.ipp>
#endif
