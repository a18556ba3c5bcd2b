// Definitions of numeric/mean_resampler.hpp.
#pragma once

#include <kvt/numeric/mean_resampler.hpp>

#include <kvt/numeric/detail/draw_avx2.ipp>
#include <kvt/numeric/detail/draw_avx512.ipp>
#include <kvt/numeric/detail/draw_registers.ipp>

#include <bit>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::numeric {

KVT_DECL void resample_means(strata groups, random_stream& stream, std::span<double> out) {
    for (double& average : out) {
        double means = 0;
        for (auto const group : groups) {
            std::size_t const n = group.size();
            double total = 0;
            for (std::size_t i = 0; i < n; ++i) total += group[stream.below(n)];
            means += total / static_cast<double>(n);
        }
        average = means / static_cast<double>(groups.size());
    }
}

KVT_DECL void resample_means(std::span<double const> values, random_stream stream, std::span<double> out) {
    resample_means(strata{&values, 1}, stream, out);
}

namespace detail {

/// The exponent of the lowest set bit of a finite value other than 0.
inline int lowest_bit(double v) {
    int exponent = 0;
    double const mantissa = std::frexp(std::abs(v), &exponent);
    return exponent - 53 + std::countr_zero(static_cast<std::uint64_t>(std::ldexp(mantissa, 53)));
}

/// Whether all values lie on a grid of up to 16 steps whose sums are exact in any order; fills in the bit planes.
inline bool lay_planes(resample_group& group) {
    auto const values = group.values;
    int exponent = std::numeric_limits<int>::max();
    for (double const v : values)
        if (v != 0) exponent = std::min(exponent, lowest_bit(v));
    if (exponent == std::numeric_limits<int>::max()) exponent = 0;
    group.step = std::ldexp(1.0, exponent);
    auto const multiple = [&](double v) { return std::ldexp(v, -exponent); };
    double const low = multiple(*std::ranges::min_element(values)), high = multiple(*std::ranges::max_element(values));
    double const exact = 0x1p53 / static_cast<double>(values.size());
    if (!(high - low <= 15) || !(std::abs(low) <= exact) || !(std::abs(high) <= exact)) return false;
    group.lowest = low;
    group.planes =
        std::max<std::size_t>(1, static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(high - low))));
    group.bits.assign(group.planes, {});
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto const code = static_cast<unsigned>(multiple(values[i]) - low);
        for (std::size_t p = 0; p < group.planes; ++p)
            if ((code >> p & 1U) != 0) group.bits[p][i / 16] |= static_cast<std::uint16_t>(1U << (15 - i % 16));
    }
    return true;
}

/// Which way its sums are formed, and what that needs.
inline resample_group prepared(std::span<double const> values, instruction_set set) {
    resample_group group{.values = values};
    if (set == instruction_set::portable) return group;
    group.path = resample_path::gather;
    if (set == instruction_set::avx512 && values.size() <= 1023 &&
        std::ranges::all_of(values, [](double v) { return std::isfinite(v); }) && lay_planes(group)) {
        group.path = resample_path::planes;
        return group;
    }
    if (set == instruction_set::avx512 && values.size() <= 32) group.path = resample_path::table;
    if (values.size() <= quick_limit) {
        group.padded.assign(values.begin(), values.end());
        group.padded.resize(std::max<std::size_t>(values.size(), 32) + 1);
    }
    return group;
}

/// Sums of resamples of one group; answers how many are right, all unless a draw was rejected.
KVT_DECL std::size_t group_sums([[maybe_unused]] resample_group const& group, sum_task const& task,
                                [[maybe_unused]] instruction_set set) {
#if KVT_KERNELS_X86
    if (group.path == resample_path::planes) switch (group.planes) {
            case 1: return avx512::plane_sums<1>(task, group);
            case 2: return avx512::plane_sums<2>(task, group);
            case 3: return avx512::plane_sums<3>(task, group);
            default: return avx512::plane_sums<4>(task, group);
        }
    if (group.path == resample_path::table) return avx512::table_sums(task);
    if (set == instruction_set::avx512) return avx512::sums(task);
    if (set == instruction_set::avx2) return avx2::sums(task);
#endif
    for (std::size_t r = 0; r < task.sums.size(); ++r) {
        auto const sum = exact_sum(task.values, task.state + r * task.stride * random_stream::increment);
        if (!sum) return r;
        task.sums[r] = *sum;
    }
    return task.sums.size();
}

}  // namespace detail

KVT_DECL mean_resampler::mean_resampler(strata groups, instruction_set set) : set_{set} {
    check_usable(set);
    if (groups.empty()) throw error{error_kind::usage, "bootstrap", "there is no group to draw from"};
    for (auto const group : groups) {
        if (group.empty()) throw error{error_kind::usage, "bootstrap", "a group is empty"};
        if (group.size() > std::numeric_limits<std::uint32_t>::max())
            throw error{error_kind::usage, "bootstrap", "a group is too large", "fewer than 2^32 values"};
        groups_.push_back(detail::prepared(group, set));
        draws_ += group.size();
    }
}

KVT_DECL void mean_resampler::operator()(random_stream& stream, std::span<double> out) const {
    constexpr std::size_t most = 256;
    std::array<double, most> sums;
    std::vector<std::span<double const>> values;
    for (auto const& group : groups_) values.push_back(group.values);
    while (!out.empty()) {
        std::size_t const now = std::min(out.size(), most);
        auto const means = out.first(now);
        std::ranges::fill(means, 0.0);
        std::size_t right = now;
        std::uint64_t before = 0;  // draws of a resample that belong to earlier groups
        for (auto const& group : groups_) {
            std::span<double> const part{sums.data(), right};
            right = detail::group_sums(
                group,
                {group.values, group.readable(), stream.state() + before * random_stream::increment, draws_, part},
                set_);
            for (std::size_t r = 0; r < right; ++r) means[r] += sums[r] / static_cast<double>(group.values.size());
            before += group.values.size();
        }
        for (std::size_t r = 0; r < right; ++r) means[r] /= static_cast<double>(groups_.size());
        stream.skip(right * draws_);
        if (right < now) resample_means(values, stream, means.subspan(right++, 1));
        out = out.subspan(right);
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
