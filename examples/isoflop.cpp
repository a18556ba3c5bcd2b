// Which model size a compute budget is spent on best: first on a surface that is known, then for a model of one's own.
// Includes kvt/scaling.hpp and links neither a network nor a SQL library.
//
//   isoflop [FOLDER]     what is planned, trained, fitted and drawn goes to FOLDER
#include <kvt/scaling.hpp>

#include <algorithm>
#include <cstdio>

using namespace kvt;

namespace {

/// A model of one's own: counts words by rank, the last of its N counters shared by all rarer words. Words follow Zipf's
/// law. Too few counters cannot tell rare words apart, too many see too few of each.
scaling::outcome count_words(run_context& context, scaling::experiment const& e) {
    constexpr std::size_t words = 4096;
    std::vector<double> share(words), upto(words);
    double total = 0;
    for (std::size_t w = 0; w < words; ++w) total += share[w] = 1 / static_cast<double>(w + 1);
    double sum = 0;
    for (std::size_t w = 0; w < words; ++w) upto[w] = sum += share[w] /= total;
    auto const counters = std::min(words, static_cast<std::size_t>(e.model_size));
    std::vector<double> count(counters, 1);  // as if each had been seen once
    auto draws = context.stream("words of " + e.experiment_id);
    for (std::int64_t t = 0; t < e.num_tokens; ++t) {
        auto const w = static_cast<std::size_t>(std::ranges::lower_bound(upto, draws.unit()) - upto.begin());
        ++count[std::min(w, counters - 1)];
    }
    double const seen = static_cast<double>(e.num_tokens + static_cast<std::int64_t>(counters));
    double loss = 0;
    for (std::size_t w = 0; w < words; ++w) {
        bool const shared = w + 1 >= counters;
        double const of = shared ? static_cast<double>(words - counters + 1) : 1;
        loss -= share[w] * std::log(count[std::min(w, counters - 1)] / of / seen);
    }
    return {.final_loss = loss, .actual_flops = e.compute_budget, .tokens_trained = e.num_tokens};
}

void show(char const* what, scaling::fitted const& found) {
    std::printf("%s, %zu runs\n", what, found.points.size());
    for (auto const& o : found.optima)
        std::printf("  C %.2e: best N %.4g, loss %.4f\n", o.at.compute_budget, o.at.model_size, o.at.final_loss);
    std::printf("  %s\n  %s\n", found.laws.n_opt_fit.formula.c_str(), found.laws.l_opt_fit.formula.c_str());
}

/// One pipeline for any trainer.
template <scaling::trainer T> scaling::fitted study(scaling::planner grid, T how, std::string const& folder) {
    auto const lab = pipeline{
        scaling::plan{grid, folder + "/sweep.json"},
        scaling::train{std::move(how), {folder}},
        scaling::fit{scaling::quadratic{}, scaling::loglog{}, scaling::loglog{}, {}, folder + "/scaling_laws.json"},
        scaling::fit_surface{scaling::parametric_fit{}},
    };
    run_context context{exec::any_executor{exec::thread_executor{}}};
    context.progress = progress_meter{progress_style::silent};
    return lab(context);
}

}  // namespace

int main(int argc, char** argv) try {
    std::string const folder = argc > 1 ? argv[1] : "runs/isoflop";
    show("A known surface", study(scaling::planner{}, scaling::mock_training{}, folder + "/mock"));
    std::printf("  the surface's own exponent: %.4f\n", scaling::mock_training::surface().a());
    scaling::planner const small{.min_flops = 1e5,
                                 .max_flops = 1e8,
                                 .num_compute_budgets = 4,
                                 .num_model_sizes = 9,
                                 .min_model_size = 4,
                                 .max_model_size = 2048};
    show("Counted words", study(small, scaling::function_training{count_words}, folder + "/words"));
} catch (error const& e) {
    std::fprintf(stderr, "isoflop: %s\n", e.what());
    return e.exit_code();
}
