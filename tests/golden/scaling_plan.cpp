// Golden cases of the planners: grids, errors, probed families, and learning rates by size.
#include "scaling.hpp"

#include <support/scratch_folder.hpp>

#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/plan.hpp>
#include <kvt/scaling/probe_planner.hpp>

namespace {

namespace scaling = kvt::scaling;
using golden::verdict;
using kvt::json;

scaling::planner planner_of(json const& config, scaling::grid_rounding grid) {
    return {.min_flops = config.at("min_flops").real(),
            .max_flops = config.at("max_flops").real(),
            .num_compute_budgets = config.at("num_compute_budgets").integer(),
            .num_model_sizes = config.at("num_model_sizes").integer(),
            .min_model_size = config.at("min_model_size").integer(),
            .max_model_size = config.at("max_model_size").integer(),
            .grid = grid};
}

void compare_published(golden::scaling_comparison& c, json const& test_case) {
    auto const planner = planner_of(test_case.at("config"), scaling::grid_rounding::truncated);
    auto const budgets = planner.budgets();
    auto const& expected = test_case.at("budgets").items();
    c.equal("budgets", expected.size(), budgets.size());
    for (std::size_t i = 0; i < std::min(budgets.size(), expected.size()); ++i) {
        c.near("budgets", expected[i], budgets[i], 1e-12);
        auto const sizes = planner.sizes(budgets[i]);
        auto const& candidates = test_case.at("candidate_sizes").items()[i].items();
        c.equal("number of sizes", candidates.size(), sizes.size());
        for (std::size_t k = 0; k < std::min(sizes.size(), candidates.size()); ++k)
            c.near("candidate_sizes", candidates[k], static_cast<double>(sizes[k]), 0, 1);
    }
    auto const sweep = planner();
    auto const& rows = test_case.at("experiments").items();
    c.equal("experiments", rows.size(), sweep.size());
    for (std::size_t i = 0; i < std::min(sweep.size(), rows.size()); ++i) {
        c.equal("experiment_id", rows[i].at("experiment_id"), sweep[i].experiment_id);
        c.near("model_size", rows[i].at("model_size"), static_cast<double>(sweep[i].model_size), 0, 1);
        if (rows[i].at("model_size").integer() != sweep[i].model_size) continue;
        auto const tokens = rows[i].at("num_tokens").real();
        c.near("num_tokens", tokens, static_cast<double>(sweep[i].num_tokens), 1e-12, 1);
        if (tokens == static_cast<double>(sweep[i].num_tokens))
            c.near("tokens_per_param", rows[i].at("tokens_per_param"), sweep[i].tokens_per_param, 1e-12);
    }
}

void compare_exact(golden::scaling_comparison& c, json const& test_case) {
    auto const sweep = planner_of(test_case.at("config"), scaling::grid_rounding::exact)();
    auto const& rows = test_case.at("fixed_rule").at("experiments").items();
    c.equal("fixed_rule", rows.size(), sweep.size());
    for (std::size_t i = 0; i < std::min(sweep.size(), rows.size()); ++i) {
        auto const& row = rows[i].items();
        c.equal("fixed_rule id", row.at(0), sweep[i].experiment_id);
        c.near("fixed_rule budget", row.at(1), sweep[i].compute_budget, 1e-12);
        c.equal("fixed_rule size", row.at(2), sweep[i].model_size);
        c.near("fixed_rule tokens", row.at(3), static_cast<double>(sweep[i].num_tokens), 0, 1);
    }
    scratch_folder const folder;
    auto const path = folder / "made/sweep.json";
    scaling::write_sweep(path, sweep);
    c.holds("the file gives back the sweep", scaling::read_sweep(path) == sweep);
}

golden::suite const sweeps{"scaling.planner_sweeps", "cases", [](json const& test_case, golden::file const&) {
                               golden::scaling_comparison c;
                               compare_published(c, test_case);
                               compare_exact(c, test_case);
                               return c.result();
                           }};

// Which key each refused configuration must name.
golden::suite const errors{
    "scaling.planner_errors", "cases", [](json const& test_case, golden::file const&) -> verdict {
        auto const id = test_case.at("id").text();
        std::string const key = id.ends_with("min_flops")      ? "compute.min_flops"
                                : id == "zero_min_model"       ? "model.min_size"
                                : id == "negative_num_budgets" ? "compute.num_budgets"
                                                               : "compute.num_model_sizes";
        scratch_folder const folder;
        auto const path = folder / "sweep.json";
        scaling::plan const stage{planner_of(test_case.at("config"), scaling::grid_rounding::exact), path};
        kvt::run_context context;
        auto const got = golden::scaling_refusal<scaling::scaling_error>([&] { (void)stage(context, kvt::start{}); });
        golden::scaling_comparison c;
        c.holds("expected a refusal naming " + key + ", got \"" + got + "\"",
                got.starts_with(key + ": invalid_option"));
        c.holds("a file was written", !kvt::file_exists(path));
        return c.result();
    }};

// The parameter counts that the cases describe in words.
std::optional<std::int64_t> count_of(json const& test_case, std::int64_t width) {
    auto const& formula = test_case.at("num_params_formula").text();
    auto const layers = test_case.at("model_kwargs").at("num_layers").integer();
    if (formula == "2*vocab*width + num_layers*(16*width^2+2*width) + width")
        return 2 * test_case.at("model_kwargs").at("vocab").integer() * width +
               layers * (16 * width * width + 2 * width) + width;
    if (formula.find("multiple of 3") != formula.npos && width % 3 != 0) return std::nullopt;
    if (!formula.starts_with("100*width*num_layers")) throw kvt::error{kvt::error_kind::usage, formula, "is unknown"};
    return 100 * width * layers;
}

golden::suite const probes{
    "scaling.planner_probe_sweeps", "cases", [](json const& test_case, golden::file const&) {
        auto const planner = kvt::from_json<scaling::probe_planner>(test_case.at("options"));
        auto const budgets = golden::scaling_numbers(test_case.at("compute_budgets_requested"));
        auto const plan = planner(budgets, [&](std::int64_t width) { return count_of(test_case, width); });
        golden::scaling_comparison c;
        json sizes = json::array{};
        for (auto const s : planner.probed_sizes()) sizes.push_back(s);
        c.equal("probed_size_values", test_case.at("probed_size_values"), sizes);
        c.near("total_flops", test_case.at("total_flops"), plan.total_flops, 1e-12);
        auto const& stored = test_case.at("compute_budgets_stored").items();
        c.equal("compute_budgets", stored.size(), plan.compute_budgets.size());
        for (std::size_t i = 0; i < stored.size(); ++i)
            c.near("compute_budgets", stored[i], plan.compute_budgets.at(i), 0);
        auto const& rows = test_case.at("experiments").items();
        c.equal("experiments", rows.size(), plan.experiments.size());
        for (std::size_t i = 0; i < std::min(rows.size(), plan.experiments.size()); ++i) {
            auto const& e = plan.experiments[i];
            c.equal("experiment_id", rows[i].at("experiment_id"), e.experiment_id);
            c.near("compute_budget", rows[i].at("compute_budget"), e.compute_budget, 1e-12);
            c.equal("size_param_value", rows[i].at("size_param_value"), e.size_param_value);
            c.equal("num_params", rows[i].at("num_params"), e.num_params);
            c.equal("num_tokens", rows[i].at("num_tokens"), e.num_tokens);
            c.near("tokens_per_param", rows[i].at("tokens_per_param"), e.tokens_per_param, 1e-12);
        }
        return c.result();
    }};

golden::suite const rates{"scaling.training_schedule", "", [](json const& document, golden::file const&) {
                              golden::scaling_comparison c;
                              for (auto const& row : document.at("planner_lr_schedule").items())
                                  c.near("learning_rate", row.at("learning_rate"),
                                         scaling::learning_rate_rule{.enabled = true}.at(row.at("model_size").real()),
                                         1e-12);
                              return c.result();
                          }};

}  // namespace
