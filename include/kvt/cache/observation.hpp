// observation: what a policy may know about attention, gathered while the transformer runs, and nothing more.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/model/attention_observer.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// What a policy needs to have observed. The default: nothing, which costs nothing.
struct observation_needs {
    bool column_sums = false;    ///< per query head and entry: attention received, summed over all queries so far
    std::int32_t last_rows = 0;  ///< per query head: the attention of this many last queries over all entries

    /// The least that serves both.
    [[nodiscard]] constexpr observation_needs with(observation_needs other) const {
        return {column_sums || other.column_sums, std::max(last_rows, other.last_rows)};
    }
    /// Whether somebody who needs `other` is served by this.
    [[nodiscard]] constexpr bool covers(observation_needs other) const {
        return (column_sums || !other.column_sums) && last_rows >= other.last_rows;
    }
    [[nodiscard]] constexpr bool nothing() const { return !column_sums && last_rows == 0; }
};
KVT_RECORD(observation_needs, column_sums, last_rows);

/// What was seen of one query head, slot by slot of its KV head's list.
struct observed_head {
    std::vector<double> sums;  ///< [slot]; query by query, so that no cut of the prompt changes a bit
    std::vector<std::vector<float>>
        rows;  ///< [query, oldest first][slot]; slots that came later are missing at the end

    void retain(std::span<std::int32_t const> slots) { *this = gathered(slots); }
    [[nodiscard]] observed_head gathered(std::span<std::int32_t const> slots) const {
        observed_head out;
        auto const pick = [&](auto const& from, auto& to) {
            for (auto slot : slots)
                if (static_cast<std::size_t>(slot) < from.size()) to.push_back(from[static_cast<std::size_t>(slot)]);
        };
        pick(sums, out.sums);
        out.rows.resize(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) pick(rows[i], out.rows[i]);
        return out;
    }
};

/// A model::attention_observer. Follows evictions (`retain`), so that a policy which evicts at every step carries the
/// scores of its survivors on.
class observation {
  public:
    observation(std::int32_t layers, std::int32_t query_heads, std::int32_t kv_heads, observation_needs needs)
        : query_heads_{query_heads}, kv_heads_{kv_heads}, needs_{needs},
          heads_(static_cast<std::size_t>(layers) * static_cast<std::size_t>(query_heads)) {}

    [[nodiscard]] observation_needs needs() const { return needs_; }
    [[nodiscard]] std::int32_t group() const { return query_heads_ / kv_heads_; }

    /// Says where the pass about to run ends (one past its last position): rows are kept of the last queries before it.
    void expect(std::int32_t end) { end_ = end; }

    [[nodiscard]] bool wants(std::int32_t, std::int32_t first_position, std::int32_t rows) const {
        return needs_.column_sums || (needs_.last_rows > 0 && first_position + rows > end_ - needs_.last_rows);
    }
    void attention(model::attention_block const& block) {
        observed_head& head = heads_[index(block.layer, block.query_head)];
        if (needs_.column_sums) add_sums(head, block);
        for (std::int32_t r = 0; needs_.last_rows > 0 && r < block.rows; ++r)
            if (block.first_position + r >= end_ - needs_.last_rows) add_row(head, block, r);
    }

    /// The query heads that share one KV head.
    [[nodiscard]] std::span<observed_head const> of(std::int32_t layer, std::int32_t kv_head) const {
        return {heads_.data() + index(layer, kv_head * group()), static_cast<std::size_t>(group())};
    }
    /// Keeps the given slots of one KV head's list and forgets the others.
    void retain(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots) {
        for (std::int32_t g = 0; g < group(); ++g) heads_[index(layer, kv_head * group() + g)].retain(slots);
    }
    /// An empty one for the same model.
    [[nodiscard]] observation like(observation_needs needs) const {
        observation out = observation{0, query_heads_, kv_heads_, needs};
        out.heads_.resize(heads_.size());
        return out;
    }
    /// A new observation of the given slots of every list (`kept[layer * kv_heads + kv_head]`), cut down to `needs`,
    /// which this one covers.
    [[nodiscard]] observation gathered(std::span<std::vector<std::int32_t> const> kept, observation_needs needs) const {
        observation out = like(needs);
        for (std::size_t i = 0; i < heads_.size(); ++i) {
            observed_head head = heads_[i].gathered(kept[i / static_cast<std::size_t>(group())]);
            if (!needs.column_sums) head.sums.clear();
            if (auto const most = static_cast<std::size_t>(needs.last_rows); head.rows.size() > most)
                head.rows.erase(head.rows.begin(), head.rows.end() - static_cast<std::ptrdiff_t>(most));
            out.heads_[i] = std::move(head);
        }
        return out;
    }
    [[nodiscard]] std::int64_t bytes() const {
        std::size_t sum = 0;
        for (auto const& h : heads_) {
            sum += h.sums.capacity() * sizeof(double);
            for (auto const& row : h.rows) sum += row.capacity() * sizeof(float);
        }
        return static_cast<std::int64_t>(sum);
    }

  private:
    [[nodiscard]] std::size_t index(std::int32_t layer, std::int32_t query_head) const {
        return static_cast<std::size_t>(layer) * static_cast<std::size_t>(query_heads_) +
               static_cast<std::size_t>(query_head);
    }
    static void add_sums(observed_head& head, model::attention_block const& block) {
        if (head.sums.size() < static_cast<std::size_t>(block.columns))
            head.sums.resize(static_cast<std::size_t>(block.columns));
        // Four slots side by side, each query by query: additions that do not wait for one another.
        auto const columns = static_cast<std::size_t>(block.columns), rows = static_cast<std::size_t>(block.rows),
                   stride = block.stride;
        double* const sums = head.sums.data();
        std::size_t slot = 0;
        for (; slot + 4 <= columns; slot += 4) {
            float const* const p = block.probs + slot * stride;
            double a = sums[slot], b = sums[slot + 1], c = sums[slot + 2], d = sums[slot + 3];
            for (std::size_t r = 0; r < rows; ++r) {
                a += static_cast<double>(p[r]);
                b += static_cast<double>(p[stride + r]);
                c += static_cast<double>(p[2 * stride + r]);
                d += static_cast<double>(p[3 * stride + r]);
            }
            sums[slot] = a, sums[slot + 1] = b, sums[slot + 2] = c, sums[slot + 3] = d;
        }
        for (; slot < columns; ++slot)
            for (std::size_t r = 0; r < rows; ++r) sums[slot] += static_cast<double>(block.probs[slot * stride + r]);
    }
    void add_row(observed_head& head, model::attention_block const& block, std::int32_t r) const {
        std::int32_t const seen =
            block.columns - (block.rows - 1 - r);  // later queries of the block see one slot more each
        std::vector<float> row(static_cast<std::size_t>(seen));
        for (std::int32_t slot = 0; slot < seen; ++slot) row[static_cast<std::size_t>(slot)] = block.at(r, slot);
        if (head.rows.size() == static_cast<std::size_t>(needs_.last_rows)) head.rows.erase(head.rows.begin());
        head.rows.push_back(std::move(row));
    }

    std::int32_t query_heads_, kv_heads_;
    observation_needs needs_;
    std::int32_t end_ = 0;
    std::vector<observed_head> heads_;
};

static_assert(model::attention_observer<observation>);

}  // namespace kvt::inline KVT_ABI::cache
