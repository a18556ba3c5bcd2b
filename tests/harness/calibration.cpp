// The instrument's calibration: the whole pipeline on the constructed model recovers the curve known in closed form.
#include <doctest/doctest.h>

#include <kvt/analysis/mean_drop.hpp>
#include <kvt/cache/calibration.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/constructed_lookup.hpp>
#include <kvt/data/word_tokenizer.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/prepare.hpp>
#include <kvt/harness/report_input.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/harness/score.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/store/memory.hpp>

#include <support/scratch_folder.hpp>

#include <cmath>

using namespace kvt;

namespace {

constexpr std::int64_t items = 24;
data::constructed_lookup const source{.lengths = {40, 100, 250, 600, 1200}, .n_examples = items};
std::vector<double> const budgets{1.0, 0.8, 0.5, 0.3, 0.1, 0.05};
std::vector<std::string> const shipped{"streaming_llm", "snapkv", "snapkv@kvpress", "h2o", "random"};

/// What the closed form says of one cell: the expected number of right answers, and its variance.
struct known {
    double right = 0, variance = 0;
};

known expected(std::string const& policy, double budget, std::size_t bin) {
    known out;
    for (std::int64_t i = 0; i < items; ++i) {
        auto const e = source.make(static_cast<std::int64_t>(bin) * items + i);
        cache::lookup_setting const at{.budget = budget,
                                       .mode = cache::make_policy(policy, {}).when(),
                                       .question = cache::question_mode::query_aware,
                                       .prompt_tokens = source.lengths[bin]};
        double const p = cache::survival(policy, {}, at, data::evidence_of(e).front().begin);
        out.right += p, out.variance += p * (1 - p);
    }
    return out;
}

harness::report_input run_everything(run_context& ctx) {
    cache::sweep sweep{cache::streaming_llm{}, budgets};
    for (std::size_t i = 1; i < shipped.size(); ++i) sweep.policies.push_back({shipped[i], {}});
    scratch_folder const folder;
    harness::run_options asking;
    asking.prompt_template = "raw", asking.endpoint = engine::api::completions, asking.decoding.max_tokens = 8;
    harness::prepare_options choosing;
    choosing.sampling.n_per_bin = items, choosing.prompt_template = "raw";
    choosing.manifest_path = folder / "manifest.json";
    auto const done = pipeline{harness::prepare{source, data::word_tokenizer{}, data::quantile_bins{5}, choosing},
                               harness::run{engine::embedded<>{engine::constructed_model()}, sweep, asking},
                               harness::score{eval::exact_match{}},
                               harness::analyze{numeric::bootstrap{}, analysis::mean_drop{0.15}}}(ctx);
    return harness::read_report_input(ctx.get<store::session>(), done.group);
}

/// The first step at which the mean over bins falls by the threshold, read off the closed form.
std::optional<double> breaks_at(std::string const& policy) {
    double before = 1;
    for (double budget : budgets) {
        double right = 0;
        for (std::size_t bin = 0; bin < source.lengths.size(); ++bin) right += expected(policy, budget, bin).right;
        double const mean = right / static_cast<double>(items * 5);
        if (before - mean >= 0.15) return budget;
        before = mean;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("the whole pipeline on the constructed model: 6 budgets, 5 lengths, every shipped policy") {
    run_context ctx{store::memory{}, harness::experiment{.group = "calibration", .run_dir = "."}};
    ctx.progress = progress_meter{progress_style::silent};
    auto const found = run_everything(ctx);
    CHECK(found.runs.size() == 1 + shipped.size() * (budgets.size() - 1));
    CHECK(found.found.budgets_proven);
    for (auto const& run : found.runs) {
        auto const policy = *run.run.kv_policy;
        double const budget = *run.run.kv_budget;
        REQUIRE(run.bins.size() == source.lengths.size());
        known all;
        double right = 0;
        for (std::size_t bin = 0; bin < run.bins.size(); ++bin) {
            auto const& seen = run.bins[bin];
            auto const want = expected(policy, budget, bin);
            INFO(policy, " budget ", budget, " length ", source.lengths[bin], ": expected ", want.right / items,
                 ", measured ", *seen.acc_mean_all, " [", *seen.acc_ci_low, ", ", *seen.acc_ci_high, "]");
            CHECK(seen.n_total == items);
            if (want.variance == 0) {
                CHECK(*seen.acc_mean_all * items == doctest::Approx(want.right));
                CHECK(*seen.acc_ci_low <= want.right / items + 1e-12);
                CHECK(*seen.acc_ci_high >= want.right / items - 1e-12);
            }
            all.right += want.right, all.variance += want.variance;
            right += *seen.acc_mean_all * items;
        }
        auto const summary = std::find_if(found.found.runs.begin(), found.found.runs.end(),
                                          [&](auto const& s) { return s.run_id == run.run.run_id; });
        INFO(policy, " budget ", budget, ": expected ", all.right / (5 * items), ", measured ", *summary->accuracy,
             " [", *summary->ci_low, ", ", *summary->ci_high, "]");
        CHECK(*summary->ci_low <= all.right / (5 * items) + 1e-12);
        CHECK(*summary->ci_high >= all.right / (5 * items) - 1e-12);
        CHECK(std::abs(right - all.right) <= 3.5 * std::sqrt(all.variance) + 1e-9);
    }
    for (auto const& zone : found.found.zones) {
        INFO(zone.policy);
        CHECK(zone.step.transition_budget == breaks_at(zone.policy));
    }
}
