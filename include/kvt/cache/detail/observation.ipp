#pragma once

#include <kvt/cache/observation.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL observed_head observed_head::gathered(std::span<std::int32_t const> slots) const {
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

KVT_DECL observation::observation(std::int32_t layers, std::int32_t query_heads, std::int32_t kv_heads,
                                  observation_needs needs)
    : query_heads_{query_heads}, kv_heads_{kv_heads}, needs_{needs},
      heads_(static_cast<std::size_t>(layers) * static_cast<std::size_t>(query_heads)) {}

KVT_DECL void observation::attention(model::attention_block const& block) {
    observed_head& head = heads_[index(block.layer, block.query_head)];
    if (needs_.column_sums) add_sums(head, block);
    for (std::int32_t r = 0; needs_.last_rows > 0 && r < block.rows; ++r)
        if (block.first_position + r >= end_ - needs_.last_rows) add_row(head, block, r);
}

KVT_DECL void observation::retain(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots) {
    for (std::int32_t g = 0; g < group(); ++g) heads_[index(layer, kv_head * group() + g)].retain(slots);
}

KVT_DECL observation observation::like(observation_needs needs) const {
    observation out = observation{0, query_heads_, kv_heads_, needs};
    out.heads_.resize(heads_.size());
    return out;
}

KVT_DECL observation observation::gathered(std::span<std::vector<std::int32_t> const> kept,
                                           observation_needs needs) const {
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

KVT_DECL std::int64_t observation::bytes() const {
    std::size_t sum = 0;
    for (auto const& h : heads_) {
        sum += h.sums.capacity() * sizeof(double);
        for (auto const& row : h.rows) sum += row.capacity() * sizeof(float);
    }
    return static_cast<std::int64_t>(sum);
}

KVT_DECL void observation::add_sums(observed_head& head, model::attention_block const& block) {
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

KVT_DECL void observation::add_row(observed_head& head, model::attention_block const& block, std::int32_t r) const {
    std::int32_t const seen =
        block.columns - (block.rows - 1 - r);  // later queries of the block see one slot more each
    std::vector<float> row(static_cast<std::size_t>(seen));
    for (std::int32_t slot = 0; slot < seen; ++slot) row[static_cast<std::size_t>(slot)] = block.at(r, slot);
    if (head.rows.size() == static_cast<std::size_t>(needs_.last_rows)) head.rows.erase(head.rows.begin());
    head.rows.push_back(std::move(row));
}

}  // namespace kvt::inline KVT_ABI::cache
