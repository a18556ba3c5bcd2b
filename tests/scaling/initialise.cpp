#include <doctest/doctest.h>
#include <kvt/scaling/initialise.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::scaling;

namespace {

struct spread {
    double mean, deviation;
};
spread spread_of(std::span<float const> values) {
    double sum = 0, squares = 0;
    for (float v : values) sum += static_cast<double>(v), squares += static_cast<double>(v) * static_cast<double>(v);
    auto const n = static_cast<double>(values.size());
    return {sum / n, std::sqrt(squares / n)};
}

}  // namespace

TEST_CASE("tensors start as spread as the parametrization says") {
    for (auto const kind : {parametrization::u_mup, parametrization::sp}) {
        decoder<float> model{gpt_shape(300, 64, 2, 2, 96)};
        initialise(model, {kind, 0.02}, 7);
        for (std::size_t i = 0; i < model.tensors().size(); ++i) {
            auto const& t = model.tensors()[i];
            auto const role = model.list().roles[i];
            INFO(t.name);
            auto const values = t.of(std::span<float const>{model.parameters()});
            double expected = kind == parametrization::sp ? std::sqrt(2.0 / static_cast<double>(t.rows + t.columns))
                              : role == parameter_role::embedding
                                  ? 0.02
                                  : 0.02 / std::sqrt(role == parameter_role::down ? 96.0 : 64.0);
            if (role == parameter_role::head) expected = 0;
            if (role == parameter_role::norm) {
                CHECK(std::ranges::all_of(values, [](float v) { return v == 1; }));
                continue;
            }
            auto const found = spread_of(values);
            CHECK(found.deviation == doctest::Approx(expected).epsilon(0.05));
            CHECK(std::abs(found.mean) <= 5 * expected / std::sqrt(static_cast<double>(values.size())));
        }
    }
}

TEST_CASE("a seed makes a model, another seed another one") {
    gpt_family const family{.num_layers = 1, .vocab_size = 11};
    auto const a = family(60000, 1), b = family(60000, 1), c = family(60000, 2);
    CHECK(a.num_params() == 65728);
    CHECK(std::ranges::equal(a.parameters(), b.parameters()));
    CHECK_FALSE(std::ranges::equal(a.parameters(), c.parameters()));
}
