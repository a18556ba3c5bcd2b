// Golden cases of figures: the series behind them.
#include "scaling.hpp"

#include <support/scratch_folder.hpp>

#include <kvt/scaling/draw.hpp>
#include <kvt/scaling/fault.hpp>

namespace {

namespace scaling = kvt::scaling;
using golden::verdict;
using kvt::json;

void compare_list(golden::scaling_comparison& c, std::string const& what, json const& expected,
                  std::vector<double> const& got) {
    c.equal(what + " length", expected.size(), got.size());
    for (std::size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
        c.near(what, expected.items()[i], got[i], 1e-12);
}

void compare_curve(golden::scaling_comparison& c, json const& expected, std::vector<std::vector<double>> const& curve) {
    // five samples of a hundred points
    std::size_t const places[] = {0, 24, 49, 74, 99};
    for (std::size_t i = 0; i < 5; ++i) compare_list(c, "fit curve", expected.items().at(i), curve.at(places[i]));
}

golden::suite const figures{
    "scaling.figures", "cases", [](json const& test_case, golden::file const&) -> verdict {
        golden::scaling_comparison c;
        auto const runs = scaling::parse_results(kvt::dump(test_case.at("results"))).runs;
        auto const& required = test_case.at("required");
        if (required.is_text()) {
            scratch_folder const folder;
            auto const got = golden::scaling_refusal<scaling::scaling_error>([&] {
                kvt::run_context context;
                (void)scaling::draw_runs(context, scaling::usable(runs).points, nullptr, {.folder = folder / "plots"});
            });
            c.holds(got, got.find("no_completed_runs") != got.npos);
            c.holds("a file was written", !kvt::file_exists(folder / "plots"));
            return c.result();
        }
        auto const& given = test_case.at("laws");
        std::optional<scaling::law_triple> laws;
        if (!given.is_null()) laws = scaling::parse_laws(given);
        auto const series = scaling::series_of(scaling::usable(runs).points, laws ? &*laws : nullptr);
        auto const& isoflops = required.at("isoflops").items();
        c.equal("buckets", isoflops.size(), series.isoflops.size());
        for (std::size_t i = 0; i < std::min(isoflops.size(), series.isoflops.size()); ++i) {
            auto const& mine = series.isoflops[i];
            c.equal("bucket_key", isoflops[i].at("bucket_key"), mine.bucket_key);
            compare_list(c, "model_size", isoflops[i].at("model_size"), mine.model_size);
            compare_list(c, "final_loss", isoflops[i].at("final_loss"), mine.final_loss);
            compare_list(c, "optimal", isoflops[i].at("optimal"), mine.optimal);
        }
        auto const& optimal = required.at("optimal").items();
        c.equal("optimal", optimal.size(), series.optimal.size());
        for (std::size_t i = 0; i < std::min(optimal.size(), series.optimal.size()); ++i) {
            auto const mine = kvt::to_json(series.optimal[i]);
            for (auto const& [key, value] : optimal[i].members()) c.near(key, value, mine.at(key).real(), 1e-12);
        }
        auto const& ratio = required.at("tokens_per_param");
        compare_list(c, "ratio", ratio.at("ratio"), series.tokens_per_param.ratio);
        c.near("median", ratio.at("median"), series.tokens_per_param.median, 1e-12);
        c.near("reference_line", ratio.at("reference_line"), series.tokens_per_param.reference_line, 0);
        auto const* curves = required.find("fit_curves_at");
        c.equal("curves", curves != nullptr, series.fit_curves.has_value());
        if (curves == nullptr || !series.fit_curves) return c.result();
        c.equal("curve points", curves->at("n"), series.fit_curves->n_opt_fit.size());
        c.near("first_c", curves->at("first_c"), series.fit_curves->n_opt_fit.front().at(0), 1e-12);
        c.near("last_c", curves->at("last_c"), series.fit_curves->n_opt_fit.back().at(0), 1e-12);
        compare_curve(c, curves->at("samples").at("n_opt_fit"), series.fit_curves->n_opt_fit);
        compare_curve(c, curves->at("samples").at("d_opt_fit"), series.fit_curves->d_opt_fit);
        compare_curve(c, curves->at("samples").at("l_opt_fit"), series.fit_curves->l_opt_fit);
        return c.result();
    }};

}  // namespace
