#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/adamw.hpp>

#include <cmath>
#include <type_traits>

#if KVT_KERNELS_X86
#include <immintrin.h>
#endif

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// One tensor's constants of a step.
template <class Real> struct adamw_constants { Real keep, rise1, rise2, beta2, rate, root, eps, scale; };

template <class Real>
void adamw_piece(adamw_constants<Real> const& c, Real const* gradients, std::size_t count, Real* p, Real* m, Real* v) {
    for (std::size_t i = 0; i < count; ++i) {
        Real const g = gradients[i] * c.scale;
        m[i] += c.rise1 * (g - m[i]);
        v[i] = c.beta2 * v[i] + c.rise2 * g * g;
        p[i] = c.keep * p[i] - c.rate * m[i] / (std::sqrt(v[i]) * c.root + c.eps);
    }
}

#if KVT_KERNELS_X86

/// AVX2 without FMA, on newer processors too: the step waits for memory, and wider vectors could only be had with fused
/// operations, which round otherwise.
#define KVT_ADAMW_OPERATION __attribute__((target("avx2"), always_inline)) inline

/// Eight floats or four doubles.
struct adamw_floats {
    using vec = __m256;
    static constexpr std::size_t width = 8;
    KVT_ADAMW_OPERATION static vec load(float const* p) { return _mm256_loadu_ps(p); }
    KVT_ADAMW_OPERATION static void store(float* p, vec v) { _mm256_storeu_ps(p, v); }
    KVT_ADAMW_OPERATION static vec all(float x) { return _mm256_set1_ps(x); }
    KVT_ADAMW_OPERATION static vec root(vec v) { return _mm256_sqrt_ps(v); }
};
struct adamw_doubles {
    using vec = __m256d;
    static constexpr std::size_t width = 4;
    KVT_ADAMW_OPERATION static vec load(double const* p) { return _mm256_loadu_pd(p); }
    KVT_ADAMW_OPERATION static void store(double* p, vec v) { _mm256_storeu_pd(p, v); }
    KVT_ADAMW_OPERATION static vec all(double x) { return _mm256_set1_pd(x); }
    KVT_ADAMW_OPERATION static vec root(vec v) { return _mm256_sqrt_pd(v); }
};

template <class Lanes, class Real>
__attribute__((target("avx2"))) inline void adamw_vectors(adamw_constants<Real> const& c, Real const* gradients,
                                                          std::size_t count, Real* p, Real* m, Real* v) {
    auto const scale = Lanes::all(c.scale), rise1 = Lanes::all(c.rise1), rise2 = Lanes::all(c.rise2),
               beta2 = Lanes::all(c.beta2), keep = Lanes::all(c.keep), rate = Lanes::all(c.rate),
               root = Lanes::all(c.root), eps = Lanes::all(c.eps);
    std::size_t i = 0;
    for (; i + Lanes::width <= count; i += Lanes::width) {
        auto const g = Lanes::load(gradients + i) * scale, was = Lanes::load(m + i);
        auto const first = was + rise1 * (g - was), second = beta2 * Lanes::load(v + i) + rise2 * g * g;
        Lanes::store(m + i, first);
        Lanes::store(v + i, second);
        Lanes::store(p + i, keep * Lanes::load(p + i) - rate * first / (Lanes::root(second) * root + eps));
    }
    adamw_piece(c, gradients + i, count - i, p + i, m + i, v + i);
}

#undef KVT_ADAMW_OPERATION
#endif

template <class Real>
void adamw_piece_on(instruction_set set, adamw_constants<Real> const& c, Real const* gradients, std::size_t count,
                    Real* p, Real* m, Real* v) {
#if KVT_KERNELS_X86
    using lanes = std::conditional_t<std::is_same_v<Real, float>, adamw_floats, adamw_doubles>;
    if (set != instruction_set::portable) return adamw_vectors<lanes>(c, gradients, count, p, m, v);
#endif
    adamw_piece(c, gradients, count, p, m, v);
}

template <class Real>
void adamw_step(adamw const& how, parameter_step<Real> const& s, exec::executor_view executor, instruction_set set) {
    check_usable(set);
    if (s.memory.size() != 2)
        throw error{error_kind::usage, "adamw", std::to_string(s.memory.size()) + " buffers", "m and v"};
    double const t = static_cast<double>(s.step), rise1 = 1 - std::pow(how.beta1, t),
                 rise2 = 1 - std::pow(how.beta2, t);
    auto const pieces = pieces_of(s.tensors);
    executor.parallel_for(pieces.size(), [&](std::size_t i) {
        auto const& [begin, end, tensor] = pieces[i];
        auto const& own = s.rates[tensor];
        double const rate = own.learning_rate * s.multiplier;
        adamw_constants<Real> const c{.keep = static_cast<Real>(1 - rate * own.weight_decay),
                                      .rise1 = static_cast<Real>(1 - how.beta1),
                                      .rise2 = static_cast<Real>(1 - how.beta2),
                                      .beta2 = static_cast<Real>(how.beta2),
                                      .rate = static_cast<Real>(rate / rise1),
                                      .root = static_cast<Real>(1 / std::sqrt(rise2)),
                                      .eps = static_cast<Real>(how.eps),
                                      .scale = static_cast<Real>(s.gradient_scale)};
        adamw_piece_on(set, c, s.gradients.data() + begin, end - begin, s.parameters.data() + begin,
                       s.memory[0].data() + begin, s.memory[1].data() + begin);
    });
}

}  // namespace detail

KVT_DECL void adamw::check() const {
    auto const share = [](char const* field, double value) {
        if (!(value >= 0 && value < 1))
            throw error{error_kind::usage, std::string{"adamw."} + field, shortest(value), "0 or more, below 1"};
    };
    share("beta1", beta1), share("beta2", beta2);
    if (!(eps > 0 && eps < 1)) throw error{error_kind::usage, "adamw.eps", shortest(eps), "above 0, such as 1e-8"};
}

KVT_DECL void adamw::apply(parameter_step<float> const& s, exec::executor_view executor, instruction_set set) const {
    detail::adamw_step(*this, s, executor, set);
}
KVT_DECL void adamw::apply(parameter_step<double> const& s, exec::executor_view executor, instruction_set set) const {
    detail::adamw_step(*this, s, executor, set);
}

}  // namespace kvt::inline KVT_ABI::scaling
