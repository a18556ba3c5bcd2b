// The kernels in plain C++: the reference the others are tested against.
#pragma once

#include <kvt/model/detail/kernel_parts.ipp>

namespace kvt::inline KVT_ABI::model::detail::portable {

inline constexpr int width = 8;
inline constexpr int tile_rows = 1;     // rows of a product computed together
inline constexpr int tile_vectors = 2;  // vectors of outputs computed together
inline constexpr int value_rows = 1;    // the same for rows of attention times values

struct vec {
    float lane[width];
};

#define KVT_LANES(expression)                                   \
    vec out;                                                    \
    for (int i = 0; i < width; ++i) out.lane[i] = (expression); \
    return out

inline vec load(float const* p) { KVT_LANES(p[i]); }
inline void store(float* p, vec const& v) {
    for (int i = 0; i < width; ++i) p[i] = v.lane[i];
}
inline vec all(float x) { KVT_LANES(x); }
inline vec fma(vec const& a, vec const& b, vec const& c) { KVT_LANES(std::fma(a.lane[i], b.lane[i], c.lane[i])); }
inline vec add(vec const& a, vec const& b) { KVT_LANES(a.lane[i] + b.lane[i]); }
inline vec sub(vec const& a, vec const& b) { KVT_LANES(a.lane[i] - b.lane[i]); }
inline vec mul(vec const& a, vec const& b) { KVT_LANES(a.lane[i] * b.lane[i]); }
inline vec div(vec const& a, vec const& b) { KVT_LANES(a.lane[i] / b.lane[i]); }
inline vec max(vec const& a, vec const& b) { KVT_LANES(a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]); }
inline vec min(vec const& a, vec const& b) { KVT_LANES(a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]); }
/// Adds the low bits of `shifted` to the exponent of `p`.
inline vec times_power_of_two(vec const& p, vec const& shifted) {
    KVT_LANES(std::bit_cast<float>(std::bit_cast<std::uint32_t>(p.lane[i]) +
                                   (std::bit_cast<std::uint32_t>(shifted.lane[i]) << 23)));
}
/// `value` where x >= limit, else 0.
inline vec where_at_least(vec const& x, vec const& limit, vec const& value) {
    KVT_LANES(x.lane[i] >= limit.lane[i] ? value.lane[i] : 0.0F);
}
#undef KVT_LANES

}  // namespace kvt::inline KVT_ABI::model::detail::portable

#define KVT_KERNEL_SET portable
#define KVT_KERNEL_TARGET
#include <kvt/model/detail/kernel_body.ipp>
