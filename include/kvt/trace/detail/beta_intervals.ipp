// Definitions of trace/beta_intervals.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/small_inverse.hpp>
#include <kvt/numeric/student.hpp>
#include <kvt/trace/beta_intervals.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace kvt::inline KVT_ABI::trace {

namespace detail {

using three = std::array<double, 3>;

/// What a fit sees of a trace: the features of all rows, folded into one small triangle a block.
class folded_rows {
  public:
    folded_rows(exposure const& trace, trace_blocks const& blocks) : trace_{trace}, blocks_{blocks} {
        order_.resize(trace.rows.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::stable_sort(order_.begin(), order_.end(),
                         [&](std::size_t a, std::size_t b) { return blocks.of_row[a] < blocks.of_row[b]; });
    }
    void fold(std::span<double const> prefill, std::span<double const> decode) {
        parts_.clear();
        std::size_t at = 0;
        for (std::uint32_t block = 0; block < blocks_.count; ++block) {
            numeric::row_triangle<3> sum;
            for (; at < order_.size() && blocks_.of_row[order_[at]] == block; ++at) {
                std::size_t const i = order_[at];
                sum.add({trace_.rows.steps[i], prefill[i], decode[i], trace_.rows.duration[i]});
            }
            parts_.push_back(sum.triangle());
        }
    }
    /// The fit where each block counts as often as `times` says.
    [[nodiscard]] three fit(std::span<std::int32_t const> times) const {
        numeric::row_triangle<3> sum;
        for (std::size_t g = 0; g < parts_.size(); ++g) {
            if (times[g] == 0) continue;
            double const weight = std::sqrt(static_cast<double>(times[g]));
            for (auto row : parts_[g]) {
                for (double& x : row) x *= weight;
                sum.add(row);
            }
        }
        return numeric::solve_small_nnls(sum).x;
    }
    /// The fits without the first block, without the second, ...: from running triangles of what lies before and behind.
    [[nodiscard]] std::vector<three> fits_without_one() const {
        using triangle = std::array<std::array<double, 4>, 4>;
        std::size_t const n = parts_.size();
        std::vector<triangle> behind(n + 1);
        numeric::row_triangle<3> sum;
        for (std::size_t g = n; g-- > 0;) {
            for (auto const& row : parts_[g]) sum.add(row);
            behind[g] = sum.triangle();
        }
        std::vector<three> out;
        numeric::row_triangle<3> before;
        for (std::size_t g = 0; g < n; ++g) {
            auto others = before;
            for (auto const& row : behind[g + 1]) others.add(row);
            out.push_back(numeric::solve_small_nnls(others).x);
            for (auto const& row : parts_[g]) before.add(row);
        }
        return out;
    }
    [[nodiscard]] three fit() const { return fit(std::vector<std::int32_t>(parts_.size(), 1)); }

  private:
    exposure const& trace_;
    trace_blocks const& blocks_;
    std::vector<std::size_t> order_;
    std::vector<std::array<std::array<double, 4>, 4>> parts_;
};

/// (1 - J)^-1; the identity where 1 - J is close to singular.
inline numeric::small_matrix<3> inverse_of_rest(numeric::small_matrix<3> const& j) {
    numeric::small_matrix<3> rest{}, identity{};
    for (std::size_t r = 0; r < 3; ++r) {
        identity[r][r] = 1;
        for (std::size_t c = 0; c < 3; ++c) rest[r][c] = identity[r][c] - j[r][c];
    }
    return numeric::inverse<3>(rest, 1e-6).value_or(identity);
}

/// What resampling knows of an estimate: how far a changed fit moves it.
struct moved_estimate {
    three estimate, centre;
    numeric::small_matrix<3> shape;

    [[nodiscard]] three by(three const& fit) const {
        three out{};
        for (std::size_t r = 0; r < 3; ++r)
            for (std::size_t c = 0; c < 3; ++c) out[r] += shape[r][c] * (fit[c] - centre[c]);
        return out;
    }
};

/// Squares and fourth powers of the moves that leaving out one block after another makes, summed.
struct block_moves {
    three squares{}, fourths{};

    block_moves(folded_rows const& rows, moved_estimate const& moved) {
        for (auto const& fit : rows.fits_without_one()) {
            auto const move = moved.by(fit);
            for (std::size_t r = 0; r < 3; ++r) {
                double const square = move[r] * move[r];
                squares[r] += square, fourths[r] += square * square;
            }
        }
    }
};

/// Draws the replicates, and the moves behind them.
inline std::array<std::vector<double>, 3> draw_replicates(block_bootstrap const& how, folded_rows const& rows,
                                                          moved_estimate const& moved, beta_intervals& out) {
    random_stream draws{how.seed, "trace blocks"};
    auto const count = static_cast<std::size_t>(out.blocks);
    std::vector<std::int32_t> times(count);
    std::array<std::vector<double>, 3> moves;
    for (std::int64_t resample = 0; resample < how.resamples; ++resample) {
        std::fill(times.begin(), times.end(), 0);
        for (std::size_t k = 0; k < count; ++k) ++times[draws.below(count)];
        auto const move = moved.by(rows.fit(times));
        for (std::size_t r = 0; r < 3; ++r) moves[r].push_back(move[r]);
        auto const at = [&](std::size_t r) { return std::max(moved.estimate[r] + move[r], 0.0); };
        out.replicates.push_back({at(0), at(1), at(2)});
    }
    return moves;
}

inline beta_intervals resample(block_bootstrap const& how, trace_blocks const& blocks, folded_rows const& rows,
                               three const& estimate, numeric::small_matrix<3> const& shape) {
    beta_intervals out{.level = 1 - how.alpha,
                       .busy_periods = static_cast<std::int64_t>(blocks.busy_periods),
                       .blocks = static_cast<std::int64_t>(blocks.count)};
    if (blocks.count < 3) return out;
    out.resamples = how.resamples;
    moved_estimate const moved{estimate, rows.fit(), shape};
    auto const to_go = moved.by(estimate);  // how far the iteration still was from its end, with the other sign
    auto moves = draw_replicates(how, rows, moved, out);
    block_moves const without{rows, moved};
    double const count = static_cast<double>(blocks.count), last = static_cast<double>(how.resamples - 1);
    for (std::size_t r = 0; r < 3; ++r) {
        auto& v = moves[r];
        std::sort(v.begin(), v.end());
        double drawn = 0;
        for (double const x : v) drawn += x * x;
        drawn = std::sqrt(drawn / static_cast<double>(v.size()));
        double const jackknife = std::sqrt(without.squares[r] * (count - 1) / count);
        // As many degrees of freedom as blocks that carry the coefficient: all, for moves that are normally distributed.
        double const carry =
            without.fourths[r] > 0 ? 3 * without.squares[r] * without.squares[r] / without.fourths[r] : count;
        int const freedom = static_cast<int>(std::clamp(carry, 3.0, count)) - 2;
        double const upper = 1 - how.alpha / 2;
        double const student = numeric::student_quantile(upper, freedom) / numeric::normal_quantile(upper);
        double const spread = drawn > 0 ? std::max(1.0, jackknife / drawn) : 1.0;
        double const widen = student * spread * std::sqrt(count / (count - 1));  // resamples vary less by that
        double const low = v[static_cast<std::size_t>(std::floor(how.alpha / 2 * last))];
        double const high = v[static_cast<std::size_t>(std::ceil(upper * last))], left = 2 * std::abs(to_go[r]);
        out.low.push_back(std::max(0.0, estimate[r] + widen * low - left));
        out.high.push_back(std::max(0.0, estimate[r] + widen * high + left));
    }
    return out;
}

}  // namespace detail

KVT_DECL trace_blocks blocks_of(exposure const& trace, std::int64_t pieces) {
    std::size_t const n = trace.rows.size();
    std::vector<std::uint32_t> period(trace.segments());
    std::uint32_t current = 0;
    for (std::size_t j = 0; j < trace.segments(); ++j) {
        bool const idle = trace.prefill_pressure[j] == 0 && trace.decode_pressure[j] == 0;
        if (idle) ++current;  // idle segments are never neighbours, for a grid point is some row's end
        period[j] = current;
    }
    trace_blocks out{.of_row = std::vector<std::uint32_t>(n), .busy_periods = current + std::size_t{1}};
    std::vector<double> begins(out.busy_periods, std::numeric_limits<double>::infinity()), ends(out.busy_periods);
    for (std::size_t j = 0; j < trace.segments(); ++j) {
        if (trace.prefill_pressure[j] == 0 && trace.decode_pressure[j] == 0) continue;
        begins[period[j]] = std::min(begins[period[j]], trace.grid[j]);
        ends[period[j]] = trace.grid[j + 1];
    }
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return trace.first[a] < trace.first[b]; });
    // Cut at starts of phases, no closer than a long phase lasts, so that few phases reach into the next piece.
    std::vector<double> lengths(n);
    for (std::size_t i = 0; i < n; ++i) lengths[i] = trace.rows.t_end[i] - trace.rows.t_start[i];
    auto const long_one = lengths.begin() + static_cast<std::ptrdiff_t>((n - 1) * 9 / 10);
    std::nth_element(lengths.begin(), long_one, lengths.end());
    double const span = trace.grid.back() - trace.grid.front();
    double const most = std::max(4 * *long_one, span / static_cast<double>(pieces));
    std::size_t held_by = SIZE_MAX, piece_held = 0;
    for (auto const i : order) {
        std::size_t const p = period[trace.first[i]];
        double const begin = begins[p], whole = ends[p] - begin;
        auto const parts = std::max(1.0, std::floor(whole / most));
        auto const piece =
            static_cast<std::size_t>(std::min(parts - 1, std::floor((trace.rows.t_start[i] - begin) / whole * parts)));
        if (p != held_by || piece != piece_held) out.count += 1, held_by = p, piece_held = piece;
        out.of_row[i] = static_cast<std::uint32_t>(out.count - 1);
    }
    // Neighbours stay independent of the rest when they are joined, and work grows with the number of blocks.
    constexpr std::size_t most_blocks = 1000;
    if (out.count > most_blocks) {
        for (auto& block : out.of_row)
            block = static_cast<std::uint32_t>(std::uint64_t{block} * most_blocks / out.count);
        out.count = most_blocks;
    }
    return out;
}

KVT_DECL void block_bootstrap::check() const {
    auto const refuse = [](std::string problem, std::string expected) {
        throw trace_error{fault::bad_option, std::move(problem), std::move(expected)};
    };
    if (resamples < 2 || resamples > 1'000'000) refuse("resamples " + std::to_string(resamples), "2 to 1000000");
    if (!(alpha > 0 && alpha < 1)) refuse("alpha " + shortest(alpha), "a number between 0 and 1");
    if (pieces < 2) refuse("pieces " + std::to_string(pieces), "at least 2");
}

KVT_DECL beta_intervals block_bootstrap::operator()(exposure const& trace, baseline const& how,
                                                    baseline_estimate const& found) const {
    check();
    auto const blocks = blocks_of(trace, pieces);
    detail::folded_rows rows{trace, blocks};
    rows.fold(prefill_exposure(trace, how.correction), trace.decode);
    return detail::resample(*this, blocks, rows, found.beta.all(), detail::inverse_of_rest({}));
}

KVT_DECL beta_intervals block_bootstrap::operator()(exposure const& trace, iterative const& how,
                                                    iterative_estimate const& found) const {
    check();
    auto const blocks = blocks_of(trace, pieces);
    detail::folded_rows rows{trace, blocks};
    auto const b = found.beta.all();
    auto const fit_at = [&](detail::three const& at) {
        auto const seen = settled_features(trace, {at[0], at[1], at[2]}, how.prefill_correction);
        rows.fold(seen.prefill, seen.decode);
        return rows.fit();
    };
    numeric::small_matrix<3> slope{};
    for (std::size_t c = 0; c < 3; ++c) {
        if (b[c] == 0) continue;  // at its bound: the fit stays there
        double const step = 1e-4 * b[c];
        auto above = b, below = b;
        above[c] += step, below[c] -= step;
        auto const up = fit_at(above), down = fit_at(below);
        for (std::size_t r = 0; r < 3; ++r) slope[r][c] = (up[r] - down[r]) / (2 * step);
    }
    (void)fit_at(b);
    return detail::resample(*this, blocks, rows, b, detail::inverse_of_rest(slope));
}

}  // namespace kvt::inline KVT_ABI::trace
