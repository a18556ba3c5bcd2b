#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/adamw.hpp>

#include <cmath>

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

template <class Real> void adamw_step(adamw const& how, parameter_step<Real> const& s, exec::executor_view executor) {
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
        adamw_piece(c, s.gradients.data() + begin, end - begin, s.parameters.data() + begin, s.memory[0].data() + begin,
                    s.memory[1].data() + begin);
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

KVT_DECL void adamw::apply(parameter_step<float> const& s, exec::executor_view executor) const {
    detail::adamw_step(*this, s, executor);
}
KVT_DECL void adamw::apply(parameter_step<double> const& s, exec::executor_view executor) const {
    detail::adamw_step(*this, s, executor);
}

}  // namespace kvt::inline KVT_ABI::scaling
