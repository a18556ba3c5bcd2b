// The loss of a surface over many runs, eight at a time; surface_kernels.ipp includes it once for each instruction set, with
// KVT_SURFACE_SET (a namespace), KVT_SURFACE_TARGET and KVT_SURFACE_OPERATION (attributes). It has no include guard.
#if defined(KVT_SURFACE_SET)

namespace kvt::inline KVT_ABI::scaling::detail::KVT_SURFACE_SET {

using reals = double __attribute__((vector_size(64)));
using words = std::int64_t __attribute__((vector_size(64)));

KVT_SURFACE_OPERATION void load(double const* from, reals& out) { std::memcpy(&out, from, sizeof out); }

/// e^x for -700 <= x <= 0, to about 1e-16: 2^n times a polynomial in what is left within half a ln 2.
KVT_SURFACE_OPERATION void exponential(reals const& x, reals& out) {
    constexpr double magic = 6755399441055744.0;  // 2^52 + 2^51: adding it leaves a whole number in the low bits
    reals const shifted = x * 1.4426950408889634 + magic;
    reals const n = shifted - magic;
    reals const r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    reals p = r * (1.0 / 39916800.0) + 1.0 / 3628800.0;
    p = ((p * r + 1.0 / 362880) * r + 1.0 / 40320) * r + 1.0 / 5040;
    p = ((p * r + 1.0 / 720) * r + 1.0 / 120) * r + 1.0 / 24;
    p = (((p * r + 1.0 / 6) * r + 0.5) * r + 1.0) * r + 1.0;
    words bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    words const scale_bits = (bits + 1023) << 52;
    reals scale;
    std::memcpy(&scale, &scale_bits, sizeof scale);
    out = p * scale;
}

/// ln x for normal x above 0, to about 1e-16: the exponent, and 2 artanh((m - 1) / (m + 1)) of the rest.
KVT_SURFACE_OPERATION void logarithm(reals const& x, reals& out) {
    words bits;
    std::memcpy(&bits, &x, sizeof bits);
    words const high = ((bits >> 52) & 0x7ff) | 0x4330000000000000;  // the exponent as 2^52 + itself
    words const low = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
    reals exponent, m;
    std::memcpy(&exponent, &high, sizeof exponent);
    std::memcpy(&m, &low, sizeof m);
    exponent = exponent - (4503599627370496.0 + 1023.0);
    words const large = m > 1.4142135623730951;
    m = large ? m * 0.5 : m;
    exponent = large ? exponent + 1.0 : exponent;
    reals const s = (m - 1.0) / (m + 1.0), z = s * s;
    reals p = z * (2.0 / 21) + 2.0 / 19;
    p = ((p * z + 2.0 / 17) * z + 2.0 / 15) * z + 2.0 / 13;
    p = ((p * z + 2.0 / 11) * z + 2.0 / 9) * z + 2.0 / 7;
    p = (p * z + 2.0 / 5) * z + 2.0 / 3;
    out = exponent * 0.693147180369123816490 + (s * 2.0 + (s * z * p + exponent * 1.90821492927058770002e-10));
}

KVT_SURFACE_OPERATION double sum_of(reals const& v) {
    return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

/// F and, where `gradient` is not null, its five derivatives.
KVT_SURFACE_TARGET inline double surface_value(surface_columns const& of, double const* theta, double delta,
                                               double* gradient) {
    reals const zero = {};
    reals total = zero, ga = zero, gb = zero, ge = zero, galpha = zero, gbeta = zero;
    for (std::size_t i = 0; i < of.padded; i += 8) {
        reals n, d, l, weight, ea, eb, ee, logarithm_;
        load(of.log_n + i, n), load(of.log_d + i, d), load(of.log_l + i, l), load(of.weight + i, weight);
        reals const ta = theta[0] - theta[3] * n, tb = theta[1] - theta[4] * d, te = zero + theta[2];
        reals most = ta > tb ? ta : tb;
        most = te > most ? te : most;
        reals const least = zero - 700.0;
        reals xa = ta - most, xb = tb - most, xe = te - most;
        xa = xa > least ? xa : least, xb = xb > least ? xb : least, xe = xe > least ? xe : least;
        exponential(xa, ea), exponential(xb, eb), exponential(xe, ee);
        reals const sum = ea + eb + ee;
        logarithm(sum, logarithm_);
        reals const r = l - (most + logarithm_);
        reals held = r > delta ? zero + delta : r;
        held = held < -delta ? zero - delta : held;
        total += weight * held * (r - held * 0.5);
        if (gradient == nullptr) continue;
        reals const pull = weight * held / sum;
        reals const pa = pull * ea, pb = pull * eb;
        ga -= pa, gb -= pb, ge -= pull * ee, galpha += pa * n, gbeta += pb * d;
    }
    if (gradient != nullptr) {
        gradient[0] = sum_of(ga), gradient[1] = sum_of(gb), gradient[2] = sum_of(ge);
        gradient[3] = sum_of(galpha), gradient[4] = sum_of(gbeta);
    }
    return sum_of(total);
}

/// Huber's function of ln L - ln(ea + eb + ee) for one start: `ea` and `eb` are A N^-alpha and B D^-beta a run.
KVT_SURFACE_TARGET inline void start_losses(surface_columns const& of, double const* power_n, double const* power_d,
                                            double const* factors, double delta, double* out) {
    reals const zero = {};
    for (std::size_t i = 0; i < of.padded; i += 8) {
        reals n, d, l, logarithm_;
        load(power_n + i, n), load(power_d + i, d), load(of.log_l + i, l);
        reals const sum = n * factors[0] + d * factors[1] + factors[2];
        logarithm(sum, logarithm_);
        reals const r = l - logarithm_;
        reals held = r > delta ? zero + delta : r;
        held = held < -delta ? zero - delta : held;
        held = held * (r - held * 0.5);
        std::memcpy(out + i, &held, sizeof held);
    }
}

/// The sum of products.
KVT_SURFACE_TARGET inline double weighted(double const* values, double const* weights, std::size_t padded) {
    reals total = {};
    for (std::size_t i = 0; i < padded; i += 8) {
        reals v, w;
        load(values + i, v), load(weights + i, w);
        total += v * w;
    }
    return sum_of(total);
}

}  // namespace kvt::inline KVT_ABI::scaling::detail::KVT_SURFACE_SET

#endif
