// The report's words: banners, titles and tables say no more than what was proven and measured.
#include <doctest/doctest.h>

#include "harness/group_of_rows.hpp"

#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/instability.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>

using namespace kvt;
using tests::full_is_right, tests::group_of_rows, tests::right, tests::wrong;

namespace {

/// What analysis left in the store as Markdown, without pictures; `written` analyses first.
std::string shown(group_of_rows& g) { return report::markdown{}.render(harness::report_document(g.input(), {})); }
std::string written(group_of_rows& g) {
    (void)g.analyzed();
    return shown(g);
}
bool has(std::string const& text, std::string_view what) { return text.find(what) != std::string::npos; }

/// A full cache that is right and a policy that is not.
struct fallen : group_of_rows {
    explicit fallen(engine::budget_level proof = engine::budget_level::proven) : group_of_rows{4, 10} {
        level = proof;
        add("full", 1.0, right);
        add("snapkv", 0.5, [](auto i) { return i % 5 == 0 ? 1.0 : 0.0; });
    }
};

}  // namespace

TEST_CASE("a proven fall is compression's, by F1") {
    fallen g;
    auto const text = written(g);
    CHECK_FALSE(has(text, "UNPROVEN"));
    CHECK(has(text, "## Transitions\n"));
    CHECK(has(text, "Verdict by F1: compression makes answers worse (4 of 4 bins fell by 0.10 or more)."));
    CHECK(has(text, "By F1, 4 (bin, run) pairs fell"));
    CHECK(has(text, "the full cache has 1.000"));
}

TEST_CASE("an unproven budget: every comparison is titled so, and nothing is attributed to compression") {
    fallen g{engine::budget_level::declared};
    auto const text = written(g);
    CHECK(has(text, "**UNPROVEN**"));
    for (auto const* title : {"## Answers", "## Transitions", "## Differences"})
        CHECK(has(text, std::string{title} + " (budgets not proven applied)"));
    CHECK(has(text, "snapkv (budgets not proven applied): breaks between budget 1.00"));
    CHECK(has(text, "No verdict: budgets not proven applied."));
    CHECK(has(text, "no fall is attributed to compression"));
    CHECK_FALSE(has(text, "compression makes answers worse"));
    CHECK(has(harness::report_summary(g.input()), "snapkv (budgets not proven applied): breaks"));
}

TEST_CASE("a baseline that fails gives no reading") {
    group_of_rows g{2, 10};
    g.add("full", 1.0, [](auto i) { return i == 0 ? 1.0 : 0.0; });
    g.add("snapkv", 0.5, wrong);
    auto const text = written(g);
    CHECK(has(text, "**NO READING**"));
    CHECK(has(text, "No transition can be read: the full cache already fails (mean accuracy 0.050"));
}

TEST_CASE("what a partial analysis lacks is named in a banner") {
    fallen g;
    (void)store::erase<harness::score_row>(g.db(), {{"request_id", "snapkv_0.50/7"}});
    CHECK_THROWS_AS((void)g.analyzed(), error);
    (void)g.analyzed({}, {.scores = harness::completeness::partial});
    auto const text = shown(g);
    CHECK(has(text, "**PARTIAL RUN**"));
    CHECK(has(text, "snapkv_0.50"));
}

TEST_CASE("the largest budget is not called the full cache") {
    group_of_rows g{1, 10};
    g.add("snapkv", 0.5, right);
    g.add("snapkv", 0.2, wrong);
    auto const text = written(g);
    CHECK(has(text, "the largest budget (0.50) has 1.000"));
    CHECK(has(text, "Against the largest budget (0.50), on the same prompts"));
    CHECK_FALSE(has(text, "gainst the full cache"));
    CHECK_FALSE(has(text, "the full cache has"));
}

TEST_CASE("a group of one policy has its full cache at budget 1") {
    group_of_rows g{1, 10};
    g.add("snapkv", 1.0, right);
    g.add("snapkv", 0.2, wrong);
    CHECK(has(written(g), "the full cache has 1.000"));
}

TEST_CASE("same outputs: one banner for all proven runs, another for the rest, and no cause") {
    full_is_right g{1, 10};
    g.add("h2o", 0.5, right);
    g.add("snapkv", 0.5, right);
    auto const proven = written(g);
    auto const first = proven.find("**SAME ANSWERS**");
    CHECK(first != std::string::npos);
    CHECK(proven.find("**SAME ANSWERS**", first + 1) == std::string::npos);
    CHECK(has(proven, "h2o at budget 0.50: 10 of 10; snapkv at budget 0.50: 10 of 10"));
    CHECK_FALSE(has(proven, "what mattered"));
    g.level = engine::budget_level::declared;
    g.add("tova", 0.5, right);
    auto const mixed = written(g);
    CHECK(has(mixed, "**SAME ANSWERS**"));
    CHECK(has(mixed, "**NO-OP SUSPECT**"));
}

TEST_CASE("cached prefills are counted under the table of costs, retries in it") {
    full_is_right g{1, 10};
    g.notes = R"({"prefill_cached":true})", g.attempts = 2;
    g.add("snapkv", 0.5, [](auto i) { return i % 2 == 0 ? 1.0 : 0.0; });
    auto const text = written(g);
    CHECK(has(text, "10 of 20 prefills came from memory"));
    CHECK(has(text, "Pacing: N/A."));
    CHECK(has(text, "Prompt tokens by bin, as the engine counts them"));
    CHECK(has(text, "For a prompt of 100 tokens, the mean"));
}

TEST_CASE("detectors beside the headline are printed, and so is a score that rises") {
    group_of_rows g{1, 12};
    g.add("full", 1.0, [](auto i) { return i < 3 ? 1.0 : 0.0; });
    g.add("snapkv", 0.5, right);
    g.add("snapkv", 0.2, wrong);
    (void)harness::analyze{numeric::bootstrap{}, analysis::mean_drop{}, analysis::baseline_drop{},
                           analysis::instability{}, analysis::monotonicity{}}(g.ctx, harness::scored{{"g", "d", {}}});
    auto const text = shown(g);
    CHECK(has(text, "1.00 → 0.20 by 0.250"));
    CHECK(has(text, "off by"));
    CHECK(has(text, "snapkv at budget 0.50: accuracy rises by 0.750"));
}

TEST_CASE("every policy has its plots, folded; the first policy's files have no suffix") {
    fallen g;
    g.add("h2o", 0.5, right);
    (void)g.analyzed();
    auto const input = g.input();
    std::vector<std::string> stems;
    for (auto const& p : harness::plan_plots(input)) {
        stems.push_back(p.stem);
        CHECK(p.fold.empty() == (p.stem == "plots/accuracy_by_budget"));
    }
    for (std::string const stem : {"acc_by_bin", "fail_by_bin", "latency_p50_by_bin", "std_by_bin", "transition_map"})
        for (std::string const suffix : {"", "_snapkv"})
            CHECK(std::find(stems.begin(), stems.end(), "plots/" + stem + suffix) != stems.end());
    CHECK(stems.front() == "plots/accuracy_by_budget");

    std::vector<harness::report_figure> const figures{{"plots/a.png", "", "near the top", "", ""},
                                                      {"plots/b.png", "", "", "", "h2o by prompt length"},
                                                      {"plots/c.png", "", "", "", "snapkv by prompt length"}};
    auto const text = report::markdown{}.render(harness::report_document(input, figures));
    CHECK(text.find("plots/a.png") < text.find("## Overview"));
    CHECK(text.find("plots/b.png") > text.find("## Plots"));
    CHECK(text.find("h2o by prompt length") < text.find("plots/b.png"));
}

TEST_CASE("a report is not written without the pictures that must be there, unless the analysis was a partial one") {
    fallen g;
    (void)g.analyzed();
    auto input = g.input();
    CHECK_THROWS_WITH_AS((void)harness::require_inputs(input, {}), doctest::Contains("PLOT_MISSING:acc_by_bin.png"),
                         error);
    input.found.partial = true;
    CHECK(harness::require_inputs(input, {}).missing.size() == 3);
}

TEST_CASE("coverage is printed as configured") {
    fallen g;
    (void)g.analyzed({}, {}, numeric::bootstrap{.resamples = 100, .alpha = 0.1});
    auto const text = shown(g);
    CHECK(has(text, "90 % interval"));
    CHECK_FALSE(has(text, "95 %"));
}
