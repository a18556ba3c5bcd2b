// Means of resamples as fast as they can be drawn, equal bit for bit to the plain loop.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/resample_pieces.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Fills `out` with means of resamples drawn from `stream`, each added in draw order: the plain loop that defines the
/// result. Several groups are drawn anew one after another, and their means averaged. No group may be empty.
void resample_means(strata groups, random_stream& stream, std::span<double> out);
void resample_means(std::span<double const> values, random_stream stream, std::span<double> out);

/// How the sums of a group's resamples are formed.
/// * `plain`: one draw after another.
/// * `gather`: as many resamples side by side as a vector has lanes, so that each keeps its own order of additions.
/// * `table`: the same with the values in registers; up to 32 values, AVX-512.
/// * `planes`: values on a grid of up to 16 steps of a power of two, such as scores of 0 and 1, so small that every sum
///   is exact and the order of additions cannot matter: drawn bits are counted, one bit plane of the grid's codes after
///   another; up to 1023 values, AVX-512.
enum class resample_path : std::uint8_t { plain, gather, table, planes };
KVT_CHOICE(resample_path, "plain", "gather", "table", "planes");

namespace detail {

/// One group's values, and what its kernel needs to know of them.
struct resample_group {
    std::span<double const> values;
    resample_path path = resample_path::plain;
    std::size_t planes = 0;  ///< bits of a code; value = step·(lowest + code)
    double step = 1, lowest = 0;
    /// Of each plane: bit 15 - i % 16 of word i / 16 belongs to value i.
    std::vector<std::array<std::uint16_t, 64>> bits{};
    std::vector<double> padded{};  ///< the values and something behind them

    [[nodiscard]] double const* readable() const { return padded.empty() ? values.data() : padded.data(); }
};

}  // namespace detail

/// Draws resamples of groups of values and averages them (see `resample_means`). Values must outlive it.
class mean_resampler {
  public:
    /// Throws `error{usage}` where a group is empty or has 2^32 values or more, or the processor lacks the set.
    explicit mean_resampler(strata groups, instruction_set set = best_instruction_set());

    /// Fills `out` and moves the stream past the draws.
    void operator()(random_stream& stream, std::span<double> out) const;

    /// The same with pieces of `out` filled by the turns of a loop that `executor` runs, with the same result.
    template <class Executor>
    void operator()(random_stream& stream, std::span<double> out, Executor const& executor) const {
        resample_in_pieces(stream, draws_, out, executor, *this);
    }

    /// How the sums of group `g` are formed.
    [[nodiscard]] resample_path path(std::size_t g = 0) const { return groups_.at(g).path; }

  private:
    std::vector<detail::resample_group> groups_;
    std::size_t draws_ = 0;  ///< of one resample
    instruction_set set_;
};

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/mean_resampler.ipp>
#endif
