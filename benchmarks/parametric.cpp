// The parametric fit on 240 runs: kvt against SciPy's L-BFGS-B from the same starts, both to the same optimum.
#include "peer.hpp"

#include <kvt/core/random.hpp>
#include <kvt/scaling/parametric.hpp>

#include <cmath>

using namespace kvt;

namespace {

/// 240 runs around the best sizes of a surface like the published one, with 1 % of noise and a few runs that are far off.
std::vector<scaling::run_point> runs() {
    scaling::loss_surface const truth{1.8172, 482.01, 2085.43, 0.3478, 0.3658};
    random_stream draws{1, "parametric"};
    std::vector<scaling::run_point> out;
    for (int i = 0; i < 240; ++i) {
        double const budget = std::pow(10.0, 17.8 + 3.6 * draws.unit());
        double const n = truth.best(budget).n_opt * std::pow(10.0, 1.6 * draws.unit() - 0.8), d = budget / (6 * n);
        double const off = i % 48 == 7 ? 1.1 : 1;
        out.push_back({budget, n, d, off * truth.loss(n, d) * (1 + 0.01 * (2 * draws.unit() - 1))});
    }
    return out;
}

struct row {
    char const* name;
    std::int64_t starts;
    double target;
};

}  // namespace

int main() {
    auto const points = runs();
    std::vector<double> n, d, l;
    for (auto const& p : points) n.push_back(p.model_size), d.push_back(p.num_tokens), l.push_back(p.final_loss);
    bench::exchange const folder;
    folder.put("n", n), folder.put("d", d), folder.put("l", l);
    auto const peer = folder.run("parametric.py");
    std::printf("%-44s %12s %12s %24s %14s\n", "240 runs, 4500 starts on the grid, one thread", "kvt ms", "SciPy ms",
                "SciPy / kvt", "F kvt/SciPy-1");
    bool right = true;
    for (row const r :
         {row{"all starts weighed, L-BFGS from the best 60", 60, 20.0}, row{"L-BFGS from every start", 4500, 20.0}}) {
        scaling::parametric_fit const fit{.starts = r.starts};
        auto const found = fit(points);
        double const mine = bench::seconds_of([&] { (void)fit(points); }, r.starts == 60 ? 7 : 1, 0.05);
        bool const there = !peer.is_null();
        double theirs = 0, worse = 0;
        if (there) {
            auto const& answer = peer.at("fits").items().at(r.starts == 60 ? 0 : 1);
            theirs = answer.at("seconds").real();
            worse = found.objective / answer.at("objective").real() - 1;
            right = right && worse < 1e-6;
        }
        std::printf("%-44s %12.2f %12s %24s %14.1e\n", r.name, 1e3 * mine, bench::number(1e3 * theirs, there).c_str(),
                    bench::against(theirs / mine, r.target, there).c_str(), worse);
    }
    auto const all = scaling::parametric_fit{}(points);
    scaling::surface_bootstrap const sure{.resamples = 200};
    double const resampled = bench::seconds_of([&] { (void)sure(points, {}, all, exec::inline_executor{}); }, 1, 0.05);
    std::printf("%-44s %12.2f\n", "one bootstrap refit (of 200)", 1e3 * resampled / 200);
    if (!peer.is_null()) std::printf("SciPy %s\n", peer.at("version").text().c_str());
    bench::print_load();
    if (!right) std::printf("kvt's optimum is worse than SciPy's\n");
    return right ? 0 : 1;
}
