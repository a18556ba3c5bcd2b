// A document that uses every kind of block, with records, plots and hostile words: what the report tests render.
#pragma once

#include <kvt/report/plot.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sample {

namespace report = kvt::report;

/// Words that would be markup, commands or escapes anywhere they are not quoted.
inline std::string const hostile =
    "</p><script>alert('x')</script> & \"q\" `touch kvt-was-here` $(id) |a|b| **bold** _it_ [l](javascript:x) "
    "]]> \\n {/a} @x %s ~~s~~ $m$ 中文 é\xCC\x81 \x1b[31mred\x1b[0m \xff\xfe \xE2\x80\xAE rtl";

enum class mood { calm, wild };
KVT_CHOICE(mood, "calm", "wild");

struct interval_of {
    std::optional<double> low, high;
};
KVT_RECORD(interval_of, low, high);

struct bin_line {
    std::int64_t bin_idx = 0;
    std::string policy;
    std::optional<double> acc_mean;
    interval_of ci;
    double budget = 1;
    std::optional<std::int64_t> n;
    double fail_rate = 0;
    double tok_p50 = 0;
    std::int64_t bytes = 0;
    std::string hash;
    sample::mood mood = sample::mood::calm;
    bool proven = true;
    std::vector<std::int64_t> lengths;
};
KVT_RECORD(bin_line, bin_idx, policy, acc_mean, ci, budget, n, fail_rate, tok_p50, bytes, hash, mood, proven, lengths);

inline std::vector<bin_line> lines() {
    return {
        {0, "full", 1.0, {1.0, 1.0}, 1.0, 24, 0.0, 96.5, 98304, "9f2c41aa07d3", mood::calm, true, {64, 128}},
        {1,
         "snapkv",
         0.9583333,
         {0.875, 1.0},
         0.5,
         24,
         0.0416667,
         188.25,
         1572864,
         "0b7719cde5f2",
         mood::calm,
         true,
         {}},
        {2,
         "h2o",
         0.5,
         {0.3333333, 0.7083333},
         0.2,
         24,
         0.125,
         371.0,
         3221225472,
         "c40a5be1179f",
         mood::wild,
         false,
         {7}},
        {3,
         "random",
         std::nullopt,
         {std::nullopt, std::nullopt},
         0.1,
         std::nullopt,
         0.0,
         0.0,
         512,
         "",
         mood::wild,
         false,
         {}},
    };
}

inline std::vector<report::column> columns() {
    return {{"bin_idx", "bin"},
            {"policy"},
            {"budget", "budget", report::cell_format::budget},
            {"n"},
            {"acc_mean", "exact match", report::cell_format::score},
            report::interval("ci.low", "ci.high", "95 % interval"),
            {"fail_rate", "failed", report::cell_format::percent},
            {"tok_p50", "tokens p50", report::cell_format::tokens},
            {"bytes", "cache", report::cell_format::bytes},
            {"hash", "receipt", report::cell_format::code}};
}

inline report::chart accuracy_chart() {
    report::chart out{.title = "Exact match by context length",
                      .subtitle = "snapkv on the recall model, 24 prompts a bin, 95 % bootstrap intervals",
                      .x = {.label = "context length (bin, tokens)"},
                      .y = {.label = "exact match", .low = 0.0, .high = 1.0, .digits = 1},
                      .thresholds = {{.at = 0.85, .label = "full cache less 0.15"}},
                      .zones = {{.from = 1.5, .to = 3.5, .label = "transition zone"}},
                      .order = report::series_order::ascending};
    std::vector<std::string> const lengths{"64–127", "128–255", "256–511", "512–1023", "1024–2047"};
    for (std::size_t i = 0; i < lengths.size(); ++i)
        out.x.ticks.push_back({static_cast<double>(i), std::to_string(i) + "\n" + lengths[i]});
    double const budgets[] = {0.1, 0.2, 0.5, 1.0};
    double const means[4][5] = {{0.71, 0.46, 0.25, 0.08, 0.04},
                                {0.92, 0.83, 0.54, 0.29, 0.17},
                                {1, 0.96, 0.88, 0.71, 0.63},
                                {1, 1, 1, 0.96, 0.96}};
    for (std::size_t s = 0; s < 4; ++s) {
        report::chart_series line{.label = "KV budget " + std::string{s == 0   ? "0.10"
                                                                      : s == 1 ? "0.20"
                                                                      : s == 2 ? "0.50"
                                                                               : "1.00"},
                                  .points = {}};
        for (std::size_t i = 0; i < 5; ++i) {
            double const m = means[s][i], half = 0.17 * (m > 0.5 ? 1.15 - m : 0.2 + m) / 0.6 + 0.01 * budgets[s];
            line.points.push_back(
                {static_cast<double>(i), m, m - half < 0 ? 0 : m - half, m + half > 1 ? 1 : m + half});
        }
        out.series.push_back(std::move(line));
    }
    return out;
}

inline report::chart policy_chart() {
    report::chart out{
        .title = "Exact match by budget",
        .subtitle = "all bins, five policies",
        .warning = "UNPROVEN: the server does not say what it keeps",
        .x = {.label = "KV budget (share of the prompt's cache)", .scale = report::axis_scale::logarithmic},
        .y = {.label = "exact match", .low = 0.0, .high = 1.0, .digits = 1}};
    double const budgets[] = {0.05, 0.1, 0.2, 0.5, 1.0};
    double const means[5][5] = {{0.42, 0.66, 0.9, 0.97, 0.98},
                                {0.3, 0.51, 0.78, 0.95, 0.98},
                                {0.1, 0.15, 0.28, 0.61, 0.98},
                                {0.08, 0.13, 0.24, 0.55, 0.98},
                                {0.98, 0.98, 0.98, 0.98, 0.98}};
    std::string const names[] = {"snapkv@paper", "h2o", "streaming_llm", "random", "full"};
    for (double b : budgets) out.x.ticks.push_back({b, std::to_string(b).substr(0, 4)});
    for (std::size_t s = 0; s < 5; ++s) {
        report::chart_series line{.label = names[s], .points = {}};
        if (s == 3) line.mark = report::series_mark::dashed;
        if (s == 4) line.mark = report::series_mark::curve, line.colour = "#5a626b";
        for (std::size_t i = 0; i < 5; ++i) line.points.push_back({budgets[i], means[s][i]});
        out.series.push_back(std::move(line));
    }
    return out;
}

inline report::chart latency_chart() {
    report::chart out{.title = "Median latency by bin", .x = {.label = "bin"}, .y = {.label = "seconds"}};
    for (std::size_t s = 0; s < 2; ++s) {
        report::chart_series bars{
            .label = s == 0 ? "KV budget 0.20" : "KV budget 1.00", .points = {}, .mark = report::series_mark::bars};
        for (std::size_t i = 0; i < 5; ++i) {
            double const v = 0.012 * static_cast<double>(i + 1) * (s == 0 ? 0.6 : 1.0);
            bars.points.push_back({static_cast<double>(i), v, v * 0.9, v * 1.15});
        }
        out.series.push_back(std::move(bars));
    }
    for (int i = 0; i < 5; ++i) out.x.ticks.push_back({static_cast<double>(i), std::to_string(i)});
    return out;
}

inline report::heat_map transition_map() {
    report::heat_map out{.title = "Exact match by budget and length",
                         .subtitle = "snapkv, recall model",
                         .x_label = "context length (tokens)",
                         .y_label = "KV budget",
                         .value_label = "exact match",
                         .columns = {"64–127", "128–255", "256–511", "512–1023", "1024–2047"},
                         .rows = {"0.10", "0.20", "0.50", "1.00"},
                         .low = 0.0,
                         .high = 1.0};
    out.values = {{0.71, 0.46, 0.25, 0.08, std::nullopt},
                  {0.92, 0.83, 0.54, 0.29, 0.17},
                  {1, 0.96, 0.88, 0.71, 0.63},
                  {1, 1, 1, 0.96, 0.96}};
    out.overlay = report::chart_series{.label = "half of the full cache's accuracy",
                                       .points = {{0.9, -0.2}, {1.8, 0.6}, {2.4, 1.1}, {3.6, 1.7}}};
    return out;
}

/// Without figures, so that no program and no file is needed.
inline report::document text_document() {
    report::document d{.title = "KV transition: demo",
                       .subtitle = "How small can the cache get before answers break?",
                       .footer = "Generated at 2026-01-01T00:00:00Z by kvt 0.1.0",
                       .blocks = {}};
    d.add(report::note{report::severity::danger, "PARTIAL RUN",
                       "2 of 16 runs have no scores: " + report::code("run_7c1e") + ", " + report::code("run_90aa") +
                           "."});
    d.add(report::note{report::severity::caution, "UNPROVEN", "The server accepted the budget but proved nothing."});
    d.add(report::highlights{
        {{"lowest safe budget, snapkv", "0.50", "of the full prompt's cache", report::severity::good},
         {"exact match at 0.20", "0.550", "full cache: 0.983"},
         {"failures", "4.2%", "LOW", report::severity::caution},
         {"cache at 0.20", "1.5 MiB", "instead of 7.5 MiB"}}});
    d.add(report::heading{"Overview"});
    d.add(report::facts{{{"Group", report::code("demo")},
                         {"Model", "recall (constructed)"},
                         {"Policies", "snapkv, h2o, streaming_llm, random"},
                         {"Budget evidence", report::strong("receipts")},
                         {"Manifest hash", report::code("9f2c41aa07d3b8e0")}}});
    d.add(report::heading{"What changed with the budget?"});
    d.add(report::paragraph{"At budget " + report::strong("0.20") + " exact match fell from 0.983 to 0.550; see " +
                            report::linked("the tables", "#runs") + ". " +
                            report::slight("Small samples are exploratory.")});
    d.add(report::bullets{{"accuracy: mean of exact match", "failure rate: share of requests without an answer",
                           report::phrase{hostile}}});
    d.add(report::heading{"Runs"});
    d.add(report::heading{"Bins of snapkv", 3});
    d.add(report::table_of(lines(), columns(), "Every bin of the run; intervals are bootstrap percentiles."));
    d.add(report::heading{"Hostile words", 3});
    report::table t{.caption = hostile,
                    .columns = {{hostile},
                                {"value", report::cell_align::right},
                                {"code", report::cell_align::left, report::cell_face::code}}};
    t.add({hostile, "1", hostile});
    t.add({"- not a list", "2", "a|b"});
    t.add({"1. not a list", "N/A", "``ticks``"});
    d.add(std::move(t));
    d.add(report::heading{hostile, 4});
    d.add(report::code_block{"kvt run -c config/experiments/demo.yaml\n```\n" + hostile + "\n", "bash"});
    return d;
}

}  // namespace sample
