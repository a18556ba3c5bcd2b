// Definitions of numeric/random_indices.hpp.
#pragma once

#include <kvt/numeric/random_indices.hpp>

#include <kvt/numeric/detail/draw_avx2.ipp>
#include <kvt/numeric/detail/draw_avx512.ipp>

#include <algorithm>

namespace kvt::inline KVT_ABI::numeric {

namespace detail {

KVT_DECL bool fill_indices([[maybe_unused]] std::uint64_t state, [[maybe_unused]] std::uint32_t n,
                           [[maybe_unused]] std::span<std::uint32_t> out, [[maybe_unused]] instruction_set set) {
#if KVT_KERNELS_X86
    if (set == instruction_set::avx512) return avx512::fill(state, n, out);
    if (set == instruction_set::avx2) return avx2::fill(state, n, out);
#endif
    return false;
}

}  // namespace detail

KVT_DECL void draw_indices(random_stream& stream, std::uint32_t n, std::span<std::uint32_t> out, instruction_set set) {
    constexpr std::size_t most = 4096, vector = 8;
    if (n == 0) throw error{error_kind::usage, "draw_indices", "nothing to draw from", "n >= 1"};
    check_usable(set);
    while (!out.empty()) {
        std::size_t const whole = std::min(out.size(), most) / vector * vector;
        std::size_t const now = whole > 0 ? whole : out.size();
        auto const block = out.first(now);
        if (whole > 0 && detail::fill_indices(stream.state(), n, block, set)) stream.skip(whole);
        else
            for (auto& index : block) index = static_cast<std::uint32_t>(stream.below(n));
        out = out.subspan(now);
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
