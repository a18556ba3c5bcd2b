// snapkv: the entries that the prompt's last queries looked at, pooled over neighbours, and those queries' own.
#pragma once

#include <kvt/cache/policy.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::cache {

/// Same name, different algorithms: `paper` is the authors' LongBench configuration (window 32, kernel 7, max pooling,
/// the query heads' scores averaged before pooling); `kvpress` that of the library of this name (window 64, kernel 5,
/// average pooling with padding zeros counted, pooled before averaging).
enum class snapkv_dialect : std::uint8_t { paper, kvpress };
KVT_CHOICE(snapkv_dialect, "paper", "kvpress");

enum class pooling : std::uint8_t { max, average };
KVT_CHOICE(pooling, "max", "average");

/// Whether query heads are reduced to one score before pooling or after. For max pooling the results differ.
enum class reduction_order : std::uint8_t { reduce_then_pool, pool_then_reduce };
KVT_CHOICE(reduction_order, "reduce_then_pool", "pool_then_reduce");

/// Li et al.: "SnapKV: LLM Knows What You are Looking for Before Generation" (2024). Scores an entry before the window
/// by the attention of the window's queries, pools scores over neighbouring entries (stride 1), keeps the best and the
/// window itself. Parameters left out take the dialect's value. A window that would take more than half of the budget
/// is cut to half of it (rounded down).
struct snapkv {
    static constexpr std::string_view name = "snapkv";
    static constexpr budget_mode when = budget_mode::prompt;

    snapkv_dialect dialect = snapkv_dialect::paper;
    std::optional<std::int32_t> window = {};
    std::optional<std::int32_t> kernel = {};  ///< odd
    std::optional<pooling> pool = {};
    std::optional<reduction> group = {};
    std::optional<reduction_order> order = {};

    [[nodiscard]] snapkv resolved() const;
    void check() const;
    [[nodiscard]] std::string label() const;
    [[nodiscard]] observation_needs needs() const;
    /// The window under a budget of `slots` entries.
    [[nodiscard]] std::int32_t window_of(std::int32_t slots) const;
    [[nodiscard]] std::string adjustment(std::int32_t slots) const;

    void select(head_view const& view, std::int32_t slots, random_stream, std::vector<std::int32_t>& kept) const;

  private:
    using row = std::vector<double>;

    /// Attention of the last `count` queries on the first `candidates` slots, summed per query head. Sums of floats in
    /// doubles are exact here unless their sizes differ by more than 2^29, so equal entries get equal scores.
    static row window_sums(observed_head const& head, std::int32_t candidates, std::int32_t count);
    [[nodiscard]] row pooled(row const& scores) const;
    [[nodiscard]] std::vector<float> scores(head_view const& view, std::int32_t candidates,
                                            std::int32_t window_rows) const;
};
KVT_RECORD(snapkv, dialect, window, kernel, pool, group, order);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/snapkv.ipp>
#endif
