// Statistics of resampled blocks: observations that depend on each other are drawn together.
#pragma once

#include <kvt/core/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Observations 0..n-1 in blocks, such as the phases of a trace in its busy periods.
class blocks {
  public:
    /// `block_of[i]` is the block of observation i; blocks are numbered from 0, and none is empty. Throws `error{usage}`
    /// where a number is missing.
    explicit blocks(std::span<std::uint32_t const> block_of) {
        std::uint32_t count = 0;
        for (std::uint32_t const b : block_of) {
            if (b >= block_of.size())
                throw error{error_kind::usage, "blocks", "a block is missing", "numbers from 0 on"};
            count = std::max(count, b + 1);
        }
        starts_.assign(std::size_t{count} + 1, 0);
        for (std::uint32_t const b : block_of) ++starts_[b + 1];
        for (std::size_t b = 1; b < starts_.size(); ++b) {
            if (starts_[b] == 0) throw error{error_kind::usage, "blocks", "a block is missing", "numbers from 0 on"};
            starts_[b] += starts_[b - 1];
        }
        members_.resize(block_of.size());
        auto next = starts_;
        for (std::uint32_t i = 0; i < block_of.size(); ++i) members_[next[block_of[i]]++] = i;
    }

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(starts_.size() - 1); }
    /// The observations of a block, in their order.
    [[nodiscard]] std::span<std::uint32_t const> operator[](std::uint32_t block) const {
        return std::span{members_}.subspan(starts_[block], starts_[block + 1] - starts_[block]);
    }

    /// A value's sum over each block.
    [[nodiscard]] std::vector<double> sums(std::span<double const> values) const {
        if (values.size() != members_.size())
            throw error{error_kind::usage, "blocks", "the values do not match the observations"};
        std::vector<double> out(size());
        for (std::uint32_t b = 0; b < size(); ++b)
            for (std::uint32_t const i : (*this)[b]) out[b] += values[i];
        return out;
    }

  private:
    std::vector<std::uint32_t> members_;
    std::vector<std::size_t> starts_;
};

/// A statistic of observations' indices as one of blocks' indices (see `index_statistic`): the observations of the
/// blocks drawn, one block after another. `all` must outlive it.
template <class F> [[nodiscard]] auto block_statistic(blocks const& all, F f) {
    return [&all, f](std::span<std::uint32_t const> drawn) {
        std::vector<std::uint32_t> observations;
        for (std::uint32_t const b : drawn) observations.insert(observations.end(), all[b].begin(), all[b].end());
        return static_cast<double>(f(std::span<std::uint32_t const>{observations}));
    };
}

/// The ratio of two sums over the units drawn, such as tokens a second over busy periods: not a mean of ratios, and
/// undefined where the denominators drawn add up to 0. Throws `error{usage}` where the lengths differ. Both must outlive it.
[[nodiscard]] inline auto ratio_statistic(std::span<double const> numerators, std::span<double const> denominators) {
    if (numerators.size() != denominators.size())
        throw error{error_kind::usage, "ratio statistic", "numerators and denominators differ in length"};
    return [numerators, denominators](std::span<std::uint32_t const> drawn) {
        double above = 0, below = 0;
        for (std::uint32_t const u : drawn) above += numerators[u], below += denominators[u];
        return above / below;
    };
}

}  // namespace kvt::inline KVT_ABI::numeric
