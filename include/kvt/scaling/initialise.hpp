// initialise: the parameters a decoder starts with.
#pragma once

#include <kvt/numeric/normal_draws.hpp>
#include <kvt/scaling/decoder.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace kvt::inline KVT_ABI::scaling {

/// `u_mup` and `sp`: how far parameters are spread at first (scaling-laws 3.4) and, elsewhere, how fast they learn (3.7).
/// `u_mup_full`: all by 1, for shapes with unit factors (3.9).
enum class parametrization : std::uint8_t { u_mup, sp, u_mup_full };
KVT_CHOICE(parametrization, "u-mup", "sp", "u-mup-full");

struct initialisation {
    scaling::parametrization parametrization = parametrization::u_mup;
    double base_std = 0.02;
};
KVT_RECORD(initialisation, parametrization, base_std);

/// The standard deviation a tensor starts with; 0 for a head of its own, which starts at 0 but for `u_mup_full`, so that
/// every token is as likely at first. Not for norms, which start at 1.
[[nodiscard]] inline double first_deviation(initialisation const& how, parameter const& t, parameter_role role) {
    if (how.parametrization == parametrization::u_mup_full) return 1;
    if (role == parameter_role::head) return 0;
    if (how.parametrization == parametrization::sp) return std::sqrt(2 / static_cast<double>(t.rows + t.columns));
    return role == parameter_role::embedding ? how.base_std : how.base_std / std::sqrt(static_cast<double>(t.columns));
}

/// Sets all parameters; each tensor has a random stream of its own, by its name.
template <class Real> void initialise(decoder<Real>& model, initialisation const& how, std::int64_t seed) {
    for (std::size_t i = 0; i < model.list().tensors.size(); ++i) {
        auto const& t = model.list().tensors[i];
        auto const role = model.list().roles[i];
        auto const values = t.of(model.parameters());
        random_stream stream{seed, "initialise|" + t.name};
        if (role == parameter_role::norm) std::ranges::fill(values, Real{1});
        else if (double const deviation = first_deviation(how, t, role); deviation == 0)
            std::ranges::fill(values, Real{0});
        else numeric::normal_draws(stream, deviation, values);
    }
}

/// The pipeline's GPTs as a family: meets `model_family`.
struct gpt_family {
    std::int64_t num_layers = 6, vocab_size = 50257;
    initialisation start{};

    [[nodiscard]] decoder<float> operator()(std::int64_t size, std::int64_t seed) const {
        decoder<float> model{gpt_for_size(size, num_layers, vocab_size)};
        initialise(model, start, seed);
        return model;
    }
};
KVT_RECORD(gpt_family, num_layers, vocab_size, start);

}  // namespace kvt::inline KVT_ABI::scaling
