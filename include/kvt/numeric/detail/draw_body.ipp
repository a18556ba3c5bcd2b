// The draw kernels' one body, compiled once for each instruction set: draw_*.ipp define KVT_DRAW_SET (a namespace),
// KVT_DRAW_TARGET (attributes) and the types `vec` (64-bit integers) and `reals` with their operations, then include this
// file. It has no include guard.
#if defined(KVT_DRAW_SET)

namespace kvt::inline KVT_ABI::numeric::detail::KVT_DRAW_SET {

/// SplitMix64's mixing but for its last step, z ^ z >> 31, which leaves the upper half as it is but for its lowest bit.
KVT_DRAW_OPERATION vec half_mixed(vec z) {
    z = times<0xBF58476D1CE4E5B9ULL>(exclusive_or(z, shifted_right<30>(z)));
    return exclusive_or(z, shifted_right<27>(z));
}
KVT_DRAW_OPERATION vec nearly_mixed(vec z) { return times<0x94D049BB133111EBULL>(half_mixed(z)); }
/// Its upper half alone, in the lower half of each lane; what stands above it means nothing.
KVT_DRAW_OPERATION vec nearly_mixed_upper(vec z) { return upper_times<0x94D049BB133111EBULL>(half_mixed(z)); }

/// Index in the upper half of every lane and, in the lower half, how far the draw is from the next index and from being
/// rejected: nothing is in doubt where the smallest lower half seen exceeds the rule's `doubt(n)`.
struct quick_draw {
    vec n, bias;
    KVT_DRAW_TARGET explicit quick_draw(std::uint32_t count) : n{all(count)}, bias{all(2 * std::uint64_t{count})} {}
    KVT_DRAW_OPERATION vec operator()(vec state) const { return plus(times_low(nearly_mixed_upper(state), n), bias); }
    static std::uint32_t doubt(std::uint32_t count) { return 3 * count; }
};
struct full_draw {
    vec n;
    KVT_DRAW_TARGET explicit full_draw(std::uint32_t count) : n{all(count)} {}
    KVT_DRAW_OPERATION vec operator()(vec state) const {
        vec z = nearly_mixed(state);
        z = exclusive_or(z, shifted_right<31>(z));
        return plus(times_low(shifted_right<32>(z), n), shifted_right<32>(times_low(z, n)));
    }
    static std::uint32_t doubt(std::uint32_t) { return 0; }
};

/// The smallest lower half of each lane.
KVT_DRAW_OPERATION void lower_halves(vec least, std::uint32_t (&out)[width]) {
    alignas(64) std::uint64_t lanes[width];
    store(lanes, least);
    for (int lane = 0; lane < width; ++lane) out[lane] = static_cast<std::uint32_t>(lanes[lane]);
}

/// States of `width` places in a stream, `step` draws apart, the first `from` draws behind `state`.
KVT_DRAW_OPERATION vec places(std::uint64_t state, std::uint64_t from, std::uint64_t step) {
    alignas(64) std::uint64_t lanes[width];
    for (std::uint64_t lane = 0; lane < width; ++lane)
        lanes[lane] = state + (from + lane * step) * random_stream::increment;
    return load(lanes);
}

/// Fills whole vectors of `out`; false where a draw may have been rejected.
KVT_DRAW_TARGET inline bool fill(std::uint64_t state, std::uint32_t n, std::span<std::uint32_t> out) {
    full_draw const draw{n};
    vec at = places(state, 1, 1), least = all(~std::uint64_t{0});
    vec const step = all(width * random_stream::increment);
    for (std::size_t i = 0; i + width <= out.size(); i += width, at = plus(at, step)) {
        vec const drawn = draw(at);
        least = least_halves(least, drawn);
        store_upper_halves(out.data() + i, drawn);
    }
    std::uint32_t halves[width];
    lower_halves(least, halves);
    for (auto const half : halves)
        if (half <= full_draw::doubt(n)) return false;
    return true;
}

/// Stores the sums of the lanes from resample `first` on; those in doubt are formed again. Answers the first resample
/// with a rejected draw, or `first + width`.
KVT_DRAW_TARGET inline std::size_t finish(sum_task const& task, std::size_t first, reals totals, vec least,
                                          std::uint32_t doubt) {
    alignas(64) double sums[width];
    std::uint32_t halves[width];
    store(sums, totals);
    lower_halves(least, halves);
    for (std::size_t lane = 0; lane < width && first + lane < task.sums.size(); ++lane) {
        if (halves[lane] <= doubt) {
            auto const sum =
                exact_sum(task.values, task.state + (first + lane) * task.stride * random_stream::increment);
            if (!sum) return first + lane;
            sums[lane] = *sum;
        }
        task.sums[first + lane] = sums[lane];
    }
    return first + width;
}

/// One resample a lane, so that every sum is formed in its own draw order. Values are fetched sixteen draws behind the
/// generator, by plain loads of indices that were written down: quicker than gather instructions, and with both at work
/// at once. Answers how many sums are right, all unless a draw was rejected.
template <class Draw> KVT_DRAW_TARGET std::size_t lane_sums(sum_task const& task) {
    constexpr std::uint32_t behind = 16, ring = 2 * behind;
    auto const n = static_cast<std::uint32_t>(task.values.size());
    double const* const values = task.readable;
    Draw const draw{n};
    vec const step = all(random_stream::increment);
    alignas(64) std::uint64_t indices[ring][width];
    for (std::size_t first = 0; first < task.sums.size(); first += width) {
        vec at = places(task.state + first * task.stride * random_stream::increment, 0, task.stride);
        vec least = all(~std::uint64_t{0});
        reals totals = no_reals();
        std::uint32_t const ahead = n < behind ? n : behind;
        for (std::uint32_t i = 0; i < n + ahead; ++i) {
            if (i < n) {
                at = plus(at, step);
                vec const drawn = draw(at);
                least = least_halves(least, drawn);
                store(indices[i % ring], shifted_right<32>(drawn));
            }
            if (i >= ahead) totals = plus(totals, fetched(values, indices[(i - ahead) % ring]));
        }
        if (auto const right = finish(task, first, totals, least, Draw::doubt(n)); right < first + width) return right;
    }
    return task.sums.size();
}

KVT_DRAW_TARGET inline std::size_t sums(sum_task const& task) {
    return task.values.size() <= quick_limit ? lane_sums<quick_draw>(task) : lane_sums<full_draw>(task);
}

}  // namespace kvt::inline KVT_ABI::numeric::detail::KVT_DRAW_SET

#undef KVT_DRAW_SET
#undef KVT_DRAW_TARGET
#undef KVT_DRAW_OPERATION
#endif
