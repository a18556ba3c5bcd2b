// Golden cases of loss surfaces: allocation, parametric fits, the published points, bootstrap, Huber's function.
#include "scaling.hpp"

#include <kvt/numeric/huber.hpp>
#include <kvt/numeric/quantile.hpp>
#include <kvt/scaling/parametric.hpp>

namespace {

namespace scaling = kvt::scaling;
using golden::scaling_numbers;
using golden::verdict;
using kvt::json;

golden::suite const huber{"scaling.huber_pointwise", "cases", [](json const& test_case, golden::file const&) {
                              golden::scaling_comparison c;
                              double const r = test_case.at("r").real(), delta = test_case.at("delta").real();
                              c.near("value", test_case.at("value"), kvt::numeric::huber(r, delta), 1e-14);
                              c.near("derivative", test_case.at("derivative"), kvt::numeric::huber_slope(r, delta),
                                     1e-14);
                              return c.result();
                          }};

golden::suite const optima{"scaling.parametric_optimum", "cases", [](json const& test_case, golden::file const&) {
                               golden::scaling_comparison c;
                               auto const surface = kvt::from_json<scaling::loss_surface>(test_case.at("constants"));
                               auto const& optimum = test_case.at("optimum");
                               c.near("G", optimum.at("G"), surface.G(), 1e-12);
                               c.near("a", optimum.at("a"), surface.a(), 1e-12);
                               c.near("b", optimum.at("b"), surface.b(), 1e-12);
                               for (auto const& row : optimum.at("rows").items()) {
                                   auto const got = surface.best(row.at("compute").real());
                                   c.near("n_opt", row.at("n_opt"), got.n_opt, 1e-12);
                                   c.near("d_opt", row.at("d_opt"), got.d_opt, 1e-12);
                                   c.near("tokens_per_param", row.at("tokens_per_param"), got.tokens_per_param, 1e-12);
                                   c.near("loss", row.at("loss"), got.loss, 1e-12);
                               }
                               for (auto const& row : test_case.at("loss_at").items())
                                   c.near("loss_at", row.at("L"), surface.loss(row.at("N").real(), row.at("D").real()),
                                          1e-12);
                               return c.result();
                           }};

std::vector<scaling::run_point> points_of(json const& test_case) {
    auto const n = scaling_numbers(test_case.at("N")), d = scaling_numbers(test_case.at("D"));
    auto const l = scaling_numbers(test_case.at("L"));
    std::vector<scaling::run_point> out;
    for (std::size_t i = 0; i < n.size(); ++i) out.push_back({6 * n[i] * d[i], n[i], d[i], l[i]});
    return out;
}

void compare_theta(golden::scaling_comparison& c, json const& expected, scaling::surface_theta const& got, double ab,
                   double rest) {
    c.near("a", expected.at("a"), got.a, 0, ab);
    c.near("b", expected.at("b"), got.b, 0, ab);
    c.near("e", expected.at("e"), got.e, 0, rest);
    c.near("alpha", expected.at("alpha"), got.alpha, 0, rest);
    c.near("beta", expected.at("beta"), got.beta, 0, rest);
}

golden::suite const fits{
    "scaling.parametric_fits", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        auto const points = points_of(test_case);
        auto const found = scaling::parametric_fit{.delta = test_case.at("delta").real()}(points);
        auto const& required = test_case.at("required");
        double const objective = required.at("objective").real();
        c.holds("objective " + kvt::shortest(found.objective), found.objective <= objective * (1 + 1e-6) + 1e-14);
        if (test_case.find("note") == nullptr) {
            double const tolerance = test_case.at("id").text().starts_with("clean") ? 1e-4 : 1e-3;
            compare_theta(c, required.at("theta"), found.theta, tolerance, tolerance);
            c.near("a_opt", required.at("a_opt"), found.a_opt, 0, 1e-3);
        }
        auto const truth = scaling::surface_theta::of(kvt::from_json<scaling::loss_surface>(test_case.at("truth")));
        c.near("objective_at_truth", test_case.at("objective_at_truth"),
               scaling::surface_objective{points, test_case.at("delta").real()}(truth), 1e-9, 1e-25);
        return c.result();
    }};

void compare_published(golden::scaling_comparison& c, json const& test_case,
                       std::vector<scaling::run_point> const& points) {
    scaling::surface_objective const of{scaling::without_worst(points, 5), test_case.at("delta").real()};
    scaling::surface_theta const unrounded{6.0073404, 6.0179186, 0.5267228, 0.33917084, 0.2849083};
    auto const& at = test_case.at("objective_at");
    c.near("rounded", at.at("original_rounded"), of(scaling::surface_theta::of({1.69, 406.4, 410.7, 0.34, 0.28})),
           1e-9);
    c.near("unrounded", at.at("original_unrounded"), of(unrounded), 1e-9);
    c.near("replication", at.at("replication"), of({6.17795598, 7.64273236, 0.59711196, 0.34781303, 0.36585412}), 1e-9);
    std::array<double, 5> gradient{};
    (void)of(unrounded, gradient);
    auto const expected = scaling_numbers(test_case.at("gradient_at_original_unrounded"));
    for (std::size_t i = 0; i < 5; ++i) c.near("gradient", expected.at(i), gradient[i], 1e-7);
}

golden::suite const published{
    "scaling.parametric_published_points", "cases", [](json const& test_case, golden::file const& source) {
        golden::scaling_comparison c;
        std::vector<scaling::run_point> points;
        auto const& columns = source.document.at("columns").items();
        auto const column = [&](std::string const& of) {
            for (std::size_t i = 0; i < columns.size(); ++i)
                if (columns[i].text() == of) return i;
            throw kvt::error{kvt::error_kind::missing, of, "is no column"};
        };
        std::size_t const n = column("model_size"), flop = column("training_flop"), l = column("loss");
        for (auto const& row : source.document.at("points").items()) {
            auto const v = scaling_numbers(row);
            points.push_back({v.at(flop), v.at(n), v.at(flop) / (6 * v.at(n)), v.at(l)});
        }
        bool const dropped = test_case.at("id").text() == "points_240";
        auto const found = scaling::parametric_fit{.drop_worst = dropped ? 5 : 0}(points);
        c.equal("n", test_case.at("n"), found.runs);
        auto const& required = test_case.at("required");
        c.holds("objective " + kvt::shortest(found.objective),
                found.objective <= required.at("objective").real() * (1 + 1e-6));
        compare_theta(c, required.at("theta"), found.theta, 2e-3, 2e-4);
        if (dropped) compare_published(c, test_case, points);
        return c.result();
    }};

golden::suite const bootstrap{
    "scaling.parametric_bootstrap", "cases", [](json const& test_case, golden::file const& source) {
        golden::scaling_comparison c;
        auto const from = test_case.at("data_from").text();
        auto const hash = from.find('#');
        auto const points = points_of(golden::scaling_case(source, from.substr(0, hash), from.substr(hash + 1)));
        scaling::parametric_fit const how;
        auto const all = how(points);
        std::vector<std::vector<std::size_t>> resampled;
        auto const& replicates = test_case.at("replicates").items();
        for (auto const& r : replicates) {
            resampled.emplace_back();
            for (auto const& i : r.at("indices").items())
                resampled.back().push_back(static_cast<std::size_t>(i.integer()));
        }
        auto const got = scaling::surface_bootstrap{}.refit(points, how, all, resampled, kvt::exec::thread_executor{2});
        std::vector<double> a;
        for (std::size_t r = 0; r < replicates.size(); ++r) {
            c.near("objective", replicates[r].at("objective"), got.objectives.at(r), 1e-5);
            auto const expected = scaling_numbers(replicates[r].at("theta"));
            auto const mine = got.replicates.at(r).all();
            for (std::size_t i = 0; i < 5; ++i) c.near("theta", expected.at(i), mine[i], 0, 5e-3);
            c.near("a_opt", replicates[r].at("a_opt"), got.replicates.at(r).a_opt(), 0, 5e-3);
            a.push_back(got.replicates.at(r).a_opt());
        }
        auto const& summary = test_case.at("summary");
        for (auto const& [percent, value] : summary.at("a_opt_percentiles").members())
            c.near("percentile " + percent, value, *kvt::numeric::percentile(a, std::stod(percent) / 100), 1e-2);
        for (auto const& i : got.intervals) {
            auto const* expected =
                i.name == "a" ? summary.find("a_opt_standard_error") : summary.at("standard_error_ddof1").find(i.name);
            if (expected != nullptr) c.near("standard error of " + i.name, *expected, i.standard_error, 1e-2);
        }
        return c.result();
    }};

}  // namespace
