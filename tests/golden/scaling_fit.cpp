// Golden cases of analysis: buckets, optima, power laws, whole analyses, predictions.
#include "scaling.hpp"

#include <support/scratch_folder.hpp>

#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/fit.hpp>
#include <kvt/scaling/law_fit.hpp>
#include <kvt/scaling/optimum.hpp>

#include <algorithm>

namespace {

namespace scaling = kvt::scaling;
using golden::scaling_number;
using golden::scaling_numbers;
using golden::verdict;
using kvt::json;

golden::suite const buckets{"scaling.bucketing", "cases", [](json const& test_case, golden::file const&) {
                                golden::scaling_comparison c;
                                std::vector<scaling::run_point> points;
                                for (auto const& row : test_case.at("rows").items()) {
                                    auto const v = scaling_numbers(row);
                                    points.push_back({v.at(0), v.at(1), v.at(2), v.at(3)});
                                }
                                auto const& required = test_case.at("required");
                                json keys = json::array{}, rows = json::array{}, ascending = json::array{};
                                for (auto const& b : scaling::buckets_of(points)) keys.push_back(b.key);
                                for (auto const& o : find_optima(scaling::empirical{}, points)) rows.push_back(o.row);
                                for (auto const& o :
                                     find_optima(scaling::empirical{}, points, scaling::size_order::ascending))
                                    ascending.push_back(json::list({o.bucket, o.row}));
                                c.equal("bucket_key", required.at("bucket_key"), keys);
                                c.equal("optimal_row_index", required.at("optimal_row_index"), rows);
                                if (auto const* walk = required.find("optimal_row_index_monotonic"))
                                    c.equal("optimal_row_index_monotonic", *walk, ascending);
                                return c.result();
                            }};

golden::suite const parabolas{"scaling.parabola", "cases", [](json const& test_case, golden::file const&) {
                                  golden::scaling_comparison c;
                                  auto const sizes = scaling_numbers(test_case.at("model_size"));
                                  auto const losses = scaling_numbers(test_case.at("final_loss"));
                                  double const budget = test_case.at("compute_budget").real();
                                  std::vector<scaling::run_point> runs;
                                  for (std::size_t i = 0; i < sizes.size(); ++i)
                                      runs.push_back({budget, sizes[i], budget / (6 * sizes[i]), losses[i]});
                                  auto const found = scaling::quadratic{}(runs);
                                  auto const& required = test_case.at("required");
                                  c.equal("argmin_index", test_case.at("argmin_index"), found.row);
                                  c.equal("method", required.at("method"), kvt::name_of(found.method));
                                  c.near("n_opt", required.at("n_opt"), found.at.model_size, 1e-6);
                                  c.near("d_opt", required.at("d_opt"), found.at.num_tokens, 1e-6);
                                  c.near("l_opt", required.at("l_opt"), found.at.final_loss, 1e-8);
                                  auto const curve = scaling::parabola_through(runs);
                                  auto const& expected = test_case.at("centred_polynomial");
                                  c.equal("a parabola", !expected.is_null(), curve.has_value());
                                  if (curve && !expected.is_null()) {
                                      c.near("u_mean", expected.at("u_mean"), curve->u_mean, 1e-12);
                                      c.near("c0", expected.at("c0"), curve->c0, 1e-7, 1e-9);
                                      c.near("c1", expected.at("c1"), curve->c1, 1e-7, 1e-9);
                                      c.near("c2", expected.at("c2"), curve->c2, 1e-7, 1e-9);
                                  }
                                  return c.result();
                              }};

void compare_ci(golden::scaling_comparison& c, std::string const& what, json const* expected,
                std::optional<std::vector<double>> const& got) {
    if (expected == nullptr || expected->is_null()) return c.holds(what + " is null", !got.has_value());
    if (!got) return c.fail(what + " is null");
    for (std::size_t i = 0; i < 2; ++i) c.near(what, expected->items().at(i), got->at(i), 1e-8, 1e-14);
}

void compare_line(golden::scaling_comparison& c, json const& required, scaling::law_fit const& got) {
    c.near("exponent_a", required.at("exponent_a"), got.law.exponent_a, 0, 1e-9);
    c.near("log10_k", required.at("log10_k"), got.log10_k, 0, 1e-8);
    c.near("r_squared", required.at("r_squared"), got.law.r_squared, 0, 1e-10);
    if (auto const* n = required.find("n_points")) c.equal("n_points", *n, got.n_points);
    compare_ci(c, "a_ci", required.find("a_ci"), got.law.a_ci);
    compare_ci(c, "k_ci", required.find("k_ci"), got.law.k_ci);
    if (auto const* t = required.find("t_quantile"); t != nullptr && !t->is_null())
        c.near("t_quantile", *t, got.t_quantile.value_or(0), 1e-9);
    auto const* sse = required.find("sse_log10");
    if (sse == nullptr || sse->real() <= 1e-20) return;
    c.near("sse_log10", *sse, got.sse, 1e-6);
    if (auto const* se = required.find("se_a"); se != nullptr && !se->is_null()) {
        c.near("se_a", *se, got.se_a.value_or(0), 1e-6);
        c.near("se_log10_k", required.at("se_log10_k"), got.se_log10_k.value_or(0), 1e-6);
    }
}

// The law with an offset through the points that the case lets count.
void compare_offset(golden::scaling_comparison& c, json const& test_case, std::vector<double> const& x,
                    std::vector<double> const& y) {
    auto const& linf = test_case.at("linf");
    auto const& required = linf.at("required");
    std::vector<double> kept_x = x, kept_y = y;
    auto const& rule = linf.at("outlier_rule");
    if (rule.at("applied").boolean()) {
        auto const mask = scaling::inliers(scaling::outlier_rule::iqr_log10, x, y);
        json log10_mask = json::array{};
        for (auto const m : mask) log10_mask.push_back(m != 0);
        c.equal("inlier_mask_log10_rule", rule.at("inlier_mask_log10_rule"), log10_mask);
        auto const& expected = rule.at("inlier_mask").items();
        auto const linear = scaling::inliers(scaling::outlier_rule::iqr_linear, x, y);
        bool const noisy = test_case.at("loglog").at("required").at("sse_log10").real() > 1e-20;
        kept_x.clear(), kept_y.clear();
        for (std::size_t i = 0; i < x.size(); ++i) {
            // in clean data the rule sees rounding alone, which differs from one solver to another
            if (noisy) c.equal("inlier_mask", expected.at(i), linear[i] != 0);
            if (expected.at(i).boolean()) kept_x.push_back(x[i]), kept_y.push_back(y[i]);
        }
    }
    auto const got = scaling::fit_law(scaling::offset_law{}, "Y", kept_x, kept_y);
    auto const* sse = required.find("sse");
    if (sse == nullptr) {  // closed forms
        c.near("linf a", required.at("exponent_a"), got.law.exponent_a, 0, 1e-9);
        c.near("linf k", required.at("coefficient_k"), got.law.coefficient_k, 1e-7);
        c.near("linf l", required.at("l_inf"), got.law.l_inf.value_or(-1), 0, 0);
        return;
    }
    double const sst = required.at("sst").real(), n = static_cast<double>(kept_x.size());
    c.holds("linf sse: " + kvt::shortest(got.sse), got.sse <= sse->real() * (1 + 1e-6) + 1e-18 * sst);
    auto const& told = required.at("predictions_at_inliers").items();
    c.equal("linf points", told.size(), kept_x.size());
    double squares = 0;
    for (std::size_t i = 0; i < std::min(told.size(), kept_x.size()); ++i)
        squares += std::pow(told[i].real() - got.law.value(kept_x[i]), 2) / n;
    c.holds("linf predictions", std::sqrt(squares) <= 2e-3 * std::sqrt(sse->real() / n) + 1e-6 * std::sqrt(sst / n));
    if (auto const* truth = test_case.find("truth")) {
        double const l = truth->at("l_inf").real();
        c.near("truth a", truth->at("exponent_a"), got.law.exponent_a, 1e-6);
        c.near("truth k", truth->at("coefficient_k"), got.law.coefficient_k, 1e-4);
        if (l > 0) c.near("truth l", l, got.law.l_inf.value_or(0), 0, 1e-6 * std::max(1.0, l));
    }
}

golden::suite const law_fits{
    "scaling.power_law_fits", "cases", [](json const& test_case, golden::file const&) -> verdict {
        golden::scaling_comparison c;
        auto const all_x = scaling_numbers(test_case.at("x")), all_y = scaling_numbers(test_case.at("y"));
        std::vector<double> x, y;
        json mask = json::array{};
        auto const valid = scaling::valid_points(all_x, all_y);
        for (std::size_t i = 0; i < all_x.size(); ++i) mask.push_back(std::ranges::find(valid, i) != valid.end());
        for (auto const i : valid) x.push_back(all_x[i]), y.push_back(all_y[i]);
        c.equal("valid_mask", test_case.at("valid_mask"), mask);
        auto const refused = [&](auto const& rule, std::string const& code) {
            auto const got = golden::scaling_refusal<scaling::scaling_error>(
                [&] { (void)scaling::fit_law(rule, "Y", all_x, all_y); });
            c.holds("expected " + code + ", got \"" + got + "\"", got.find(code) != got.npos);
        };
        auto const* line = test_case.find("loglog");
        if (line == nullptr || line->at("required").is_text()) {
            auto const code = line == nullptr ? "too_few_points" : "equal_budgets";
            refused(scaling::loglog{}, code), refused(scaling::offset_law{}, code);
            return c.result();
        }
        auto const fit = scaling::fit_law(scaling::loglog{}, "Y", all_x, all_y);
        compare_line(c, line->at("required"), fit);
        auto const& reference = line->at("reference_seed_state");
        if (reference.at("exponent_a").real() > 1e-9 || reference.at("exponent_a").real() < -1e-9)
            c.equal("formula", reference.at("formula"), fit.law.formula);
        if (auto const* robust = test_case.find("robust_huber")) {
            auto const got = scaling::fit_law(scaling::huber_loglog{}, "Y", all_x, all_y);
            c.near("robust a", robust->at("exponent_a"), got.law.exponent_a, 1e-8);
            c.near("robust k", robust->at("coefficient_k"), got.law.coefficient_k, 1e-8);
            c.near("robust scale", robust->at("scale"), got.scale.value_or(0), 1e-8);
        }
        if (auto const* loo = test_case.find("leave_one_out")) {
            auto const got = scaling::leave_one_out(scaling::loglog{}, all_x, all_y);
            if (!got) return verdict::fail("leave_one_out: nothing");
            auto const expected = scaling_numbers(loo->at("exponents"));
            c.equal("left out", expected.size(), got->exponents.size());
            for (std::size_t i = 0; i < expected.size(); ++i)
                c.near("left out exponent", expected[i], got->exponents.at(i), 0, 1e-9);
            c.near("left out rmse", loo->at("rmse_log10"), got->rmse_log10, 0, 1e-9);
        }
        compare_offset(c, test_case, x, y);
        return c.result();
    }};

scaling::trained runs_of(json const& rows) {
    scaling::trained out;
    auto text = kvt::dump(rows);
    out.runs = scaling::parse_results(text).runs;
    return out;
}

void compare_law(golden::scaling_comparison& c, std::string const& key, json const& test_case,
                 scaling::power_law const& got) {
    auto const& required = test_case.at("required").at(key);
    c.near(key + ".exponent_a", required.at("exponent_a"), got.exponent_a, 0, 1e-9);
    c.near(key + ".log10_k", required.at("log10_k"), std::log10(got.coefficient_k), 0, 1e-8);
    c.near(key + ".r_squared", required.at("r_squared"), got.r_squared, 0, 1e-9);
    compare_ci(c, key + ".a_ci", required.find("a_ci"), got.a_ci);
    compare_ci(c, key + ".k_ci", required.find("k_ci"), got.k_ci);
    auto const& seen = test_case.at("seed_state").at(key);
    c.equal(key + ".formula", seen.at("formula"), got.formula);
    c.equal(key + ".name", seen.at("name"), got.name);
}

golden::suite const analyses{
    "scaling.analyze_end_to_end", "cases", [](json const& test_case, golden::file const& source) {
        golden::scaling_comparison c;
        auto const rows = golden::scaling_case(source, "mock_training.json", test_case.at("id").text()).at("rows");
        kvt::run_context context;
        context.progress = kvt::progress_meter{kvt::progress_style::silent};
        auto const done = scaling::fit{}(context, runs_of(rows));
        compare_law(c, "n_opt_fit", test_case, done.laws.n_opt_fit);
        compare_law(c, "d_opt_fit", test_case, done.laws.d_opt_fit);
        compare_law(c, "l_opt_fit", test_case, done.laws.l_opt_fit);
        c.near("optimal_ratio", test_case.at("required").at("optimal_ratio"), done.laws.optimal_ratio.value_or(0),
               1e-14);
        c.equal("n_points", test_case.at("required").at("n_points"), done.laws.n_points);
        json best = json::array{}, ascending = json::array{};
        for (auto const& o : done.optima) best.push_back(o.row);
        for (auto const& o : find_optima(scaling::empirical{}, done.points, scaling::size_order::ascending))
            ascending.push_back(json::list({o.bucket, o.row}));
        c.equal("optimal_row_index", test_case.at("optimal_row_index"), best);
        c.equal("monotonic_row_index", test_case.at("monotonic_row_index"), ascending);
        c.equal("optimal_points", test_case.at("seed_state").at("optimal_points"),
                scaling::laws_json(done.laws).at("optimal_points"));
        // of the laws as they were stored, and of those found here, which differ from them by a solver's last digits
        auto const stored = scaling::parse_laws(test_case.at("seed_state"));
        for (auto const& row : test_case.at("seed_state_predict").items()) {
            double const target = row.at("target_compute").real();
            auto const p = scaling::predict(stored, target), mine = scaling::predict(done.laws.triple(), target);
            auto const whole = [&](char const* key, std::int64_t of_stored, std::int64_t of_mine) {
                double const v = row.at(key).real();
                c.near(key, v, static_cast<double>(of_stored), 1e-12, 1);
                c.near(key, v, static_cast<double>(of_mine), 3e-7, 1);
            };
            whole("optimal_params", p.optimal_params, mine.optimal_params);
            whole("optimal_tokens", p.optimal_tokens, mine.optimal_tokens);
            c.near("expected_loss", row.at("expected_loss"), p.expected_loss, 1e-12);
            c.near("expected_loss", row.at("expected_loss"), mine.expected_loss, 1e-8);
            c.near("tokens_per_param", row.at("tokens_per_param"), mine.tokens_per_param, 1e-6);
        }
        return c.result();
    }};

// The files that the cases name in words.
golden::suite const analyzer_errors{
    "scaling.analyzer_errors", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        scratch_folder const folder;
        auto const id = test_case.at("id").text();
        auto const row = [](std::string const& budget, std::string const& size, std::string const& status) {
            return R"({"experiment_id": "e)" + size + budget + R"(", "compute_budget": )" + budget +
                   R"(, "model_size": )" + size + R"(, "num_tokens": 1000, "final_loss": 3.5)" +
                   (status.empty() ? "" : R"(, "status": ")" + status + "\"") + "}";
        };
        std::string const text =
            id == "empty_list"        ? "[]"
            : id == "not_json"        ? "[{\"a\": 1}, oops]"
            : id == "no_status_field" ? "[" + row("1e17", "100", "") + "]"
            : id == "all_failed"      ? "[" + row("1e17", "100", "failed") + "]"
            : id == "one_budget_only"
                ? "[" + row("1e17", "100", "completed") + "," + row("1e17", "200", "completed") + "]"
                : "[" + row("1e17", "100", "completed") + "," + row("1e17", "200", "failed") + "," +
                      row("1e18", "300", "completed") + "]";
        auto const path = folder / "results.json";
        if (id != "missing_file") kvt::write_file(path, text);
        std::size_t used = 0;
        auto const got = golden::scaling_refusal<scaling::scaling_error>([&] {
            kvt::run_context context;
            auto const done = scaling::fit{}(context, scaling::load_runs{path}(context, kvt::start{}));
            used = done.points.size();
        });
        auto const says = [&](std::string const& part) {
            c.holds("expected " + part + ", got \"" + got + "\"", got.find(part) != got.npos);
        };
        if (id == "missing_file") says(path + ": missing_results"), says("kvt scaling train");
        else if (id == "empty_list" || id == "all_failed") says("no_completed_runs");
        else if (id == "not_json") says("bad_results: not JSON from byte 11");
        else if (id == "no_status_field") says(path + "[0]: bad_results: has no status");
        else if (id == "one_budget_only") says("too_few_budgets"), says("two distinct budgets");
        else if (id == "load_filters")
            c.holds(got, got.empty()), c.equal("rows", test_case.at("reference").at("rows"), used);
        else c.fail("an unknown case");
        return c.result();
    }};

golden::suite const predictions{
    "scaling.predict", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        auto const laws = scaling::parse_laws(test_case.at("laws"));
        auto const targets = scaling_numbers(test_case.at("targets"));
        auto const& required = test_case.at("required").items();
        for (std::size_t i = 0; i < targets.size(); ++i) {
            auto const p = scaling::predict(laws, targets[i]);
            auto const& row = required.at(i);
            c.near("target_compute", row.at("target_compute"), p.target_compute, 0);
            for (auto const& [key, value] :
                 {std::pair{"optimal_params", p.optimal_params}, std::pair{"optimal_tokens", p.optimal_tokens}})
                c.near(key, row.at(key), static_cast<double>(value), 0, std::max(1.0, 1e-12 * row.at(key).real()));
            c.near("expected_loss", row.at("expected_loss"), p.expected_loss, 1e-12);
            c.near("tokens_per_param", row.at("tokens_per_param"), p.tokens_per_param, 1e-12);
        }
        auto const table = scaling::prediction_table(laws, targets);
        std::vector<std::string> lines(1);
        for (char const ch : table)
            if (ch == '\n') lines.emplace_back();
            else lines.back() += ch;
        auto const& rows = test_case.at("table_rows").items();
        c.equal("lines", rows.size() + 3, lines.size());
        for (std::size_t i = 0; i < rows.size(); ++i) c.equal("row", rows[i], lines.at(i + 2));
        return c.result();
    }};

golden::suite const predict_errors{
    "scaling.predict_errors", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        scratch_folder const folder;
        auto const id = test_case.at("id").text();
        double const infinity = std::numeric_limits<double>::infinity();
        double const target = id.ends_with("zero")       ? 0
                              : id.ends_with("negative") ? -1e18
                              : id.ends_with("nan")      ? std::nan("")
                                                         : infinity;
        auto const path = folder / "scaling_laws.json";
        scaling::power_law const law{.name = "N_opt", .coefficient_k = 1, .exponent_a = 0.5};
        if (id != "missing_laws_file")
            kvt::write_file(path, kvt::dump(kvt::to_json(scaling::law_triple{law, law, law})));
        auto const got = golden::scaling_refusal<scaling::scaling_error>([&] {
            auto const laws = id.starts_with("object") ? scaling::law_triple{law, law, law} : scaling::read_laws(path);
            (void)scaling::predict(laws, target);
        });
        if (id == "missing_laws_file")
            c.holds(got, got.starts_with(path + ": missing_laws") && got.find("kvt scaling analyze") != got.npos);
        else c.holds(got, got.find("invalid_target") != got.npos && got.find("finite number above 0") != got.npos);
        return c.result();
    }};

}  // namespace
