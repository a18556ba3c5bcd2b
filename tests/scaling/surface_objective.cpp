#include <kvt/numeric/huber.hpp>
#include <kvt/scaling/surface_objective.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

using namespace kvt;

namespace {

std::vector<scaling::run_point> runs() {
    scaling::loss_surface const truth{1.7, 400, 410, 0.34, 0.28};
    std::vector<scaling::run_point> out;
    for (int i = 0; i < 13; ++i) {  // not a multiple of eight
        double const n = 1e6 * std::pow(2.0, i), d = 1e9 * std::pow(1.5, 12 - i);
        out.push_back({6 * n * d, n, d, truth.loss(n, d) * (1 + 0.01 * ((i * 7) % 5 - 2))});
    }
    return out;
}

/// F as the plain loop has it.
double plain(std::vector<scaling::run_point> const& points, scaling::surface_theta const& t, double delta,
             std::vector<double> const& weights) {
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto const& p = points[i];
        double const r = std::log(p.final_loss) - std::log(t.surface().loss(p.model_size, p.num_tokens));
        sum += weights[i] * numeric::huber(r, delta);
    }
    return sum;
}

}  // namespace

TEST_CASE("every instruction set gives what the plain loop gives, and derivatives that are differences") {
    auto const points = runs();
    std::vector<double> weights;
    for (std::size_t i = 0; i < points.size(); ++i) weights.push_back(static_cast<double>(i % 3));
    for (auto const set : usable_instruction_sets()) {
        CAPTURE(name_of(set));
        for (double const delta : {1e-3, 1.0}) {
            scaling::surface_objective const of{points, delta, weights, set};
            for (scaling::surface_theta const t :
                 {scaling::surface_theta{6, 6, 0.5, 0.34, 0.28}, {0, 25, -1, 0, 2}, {6.1, 5.9, 0.55, 0.33, 0.29}}) {
                std::array<double, 5> gradient{};
                double const value = of(t, gradient);
                CHECK(value == of(t));
                CHECK(value == doctest::Approx(plain(points, t, delta, weights)).epsilon(1e-11));
                for (std::size_t k = 0; k < 5; ++k) {
                    auto up = t.all(), down = t.all();
                    double const h = 1e-6;
                    up[k] += h, down[k] -= h;
                    auto const at = [&](auto const& v) {
                        return plain(points, {v[0], v[1], v[2], v[3], v[4]}, delta, weights);
                    };
                    CHECK(gradient[k] == doctest::Approx((at(up) - at(down)) / (2 * h)).epsilon(1e-5));
                }
            }
        }
    }
}

TEST_CASE("terms that are far apart neither overflow nor vanish") {
    std::vector<scaling::run_point> const points{{1, 1e9, 1e12, 2}};
    scaling::surface_objective const of{points, 1e3};
    CHECK(of({700, 0, 0, 0, 0}) == doctest::Approx(numeric::huber(std::log(2) - 700, 1e3)));
    CHECK(of({-2000, -2000, std::log(2.0), 0, 0}) == doctest::Approx(0).epsilon(1e-20));
}

TEST_CASE("what cannot be fitted is refused") {
    CHECK(holds(refusal([] { scaling::surface_objective const of{{}}; }), "too_few_points"));
    std::vector<scaling::run_point> const bad{{1, 1, 1, -2}};
    CHECK(holds(refusal([&] { scaling::surface_objective const of{bad}; }), "run 0"));
    std::vector<scaling::run_point> const good{{1, 1, 1, 2}};
    CHECK(holds(refusal([&] { scaling::surface_objective const of{good, 0}; }), "delta"));
}
