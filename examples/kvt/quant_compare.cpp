// quant compare: range policies on the same tensors, judged on values they did not see.
#include "commands.hpp"
#include "quant_policies.hpp"
#include "quant_study.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/quant/sequential_smoothing.hpp>

#include <fmt/core.h>

#include <array>

namespace cli {

namespace quant = kvt::quant;

namespace {

/// The published targets of each phase against the mean score, the most violations, and at INT2 the gain in cosine.
void print_targets(policy_results const& all, std::string const& subject, std::int64_t bits,
                   std::array<std::string, 3> const& phases) {
    struct target {
        double score, violations, gain;
    };
    constexpr std::array<target, 2> wanted{{{0.82, 1, 2}, {0.90, 0, 6}}};
    auto const said = [](bool met) { return met ? "met" : "MISSED"; };
    auto const before = spread_of(rows_of(all, subject, bits, phases[0]), held_out_cosine).mean;
    for (std::size_t p = 0; p < wanted.size(); ++p) {
        auto const rows = rows_of(all, subject, bits, phases[p + 1]);
        auto const& w = wanted[p];
        auto const s = spread_of(rows, score).mean, v = spread_of(rows, violations).greatest;
        fmt::print("  phase {}: smoothness {} of {} {}; violations {}, at most {} {}", p + 2, kvt::fixed(s, 3),
                   kvt::fixed(w.score, 2), said(s >= w.score), kvt::fixed(v, 0), kvt::fixed(w.violations, 0),
                   said(v <= w.violations));
        auto const gain = 100 * (spread_of(rows, held_out_cosine).mean / before - 1);
        if (bits == 2)
            fmt::print("; held-out cosine {} % better, of {} % {}", kvt::fixed(gain, 1), kvt::fixed(w.gain, 0),
                       said(gain >= w.gain));
        fmt::print("\n");
    }
}

}  // namespace

int quant_compare(options const& o) {
    auto q = o.quant;
    if (q.smooth.empty()) q.smooth = "linear";
    auto const widths = widths_of(q);
    quant::min_max_ranges const plain;
    auto const smoothing = smoothing_of(q);
    auto const descent = descent_of(q, q.lambda);
    quant::range_search const search;
    quant::sequential_smoothing const sequential;
    std::array<std::string, 3> const phases{"baseline", "phase 2: kernel smoothing", "phase 3: coordinate descent"};
    std::array<quant::named_policy, 5> const policies{{{phases[0], plain},
                                                       {phases[1], smoothing},
                                                       {phases[2], descent},
                                                       {"control: range search", search},
                                                       {"control: sequential smoothing", sequential}}};
    policy_results rows;
    auto const subjects = subjects_of(q);
    for (auto const& s : subjects)
        for (auto const bits : widths)
            for (std::size_t draw = 0; draw < s.draws.size(); ++draw) {
                policy_results results;
                for (auto const& p : policies)
                    results.push_back(quant::try_policy(s.draws[draw], p, bits, q.smoothness_threshold));
                quant::measure_overheads(s.draws[draw], policies, bits, q.repetitions, results);
                for (auto& r : results) {
                    r.subject = s.name, r.seed = static_cast<std::int64_t>(draw) + 1;
                    rows.push_back(std::move(r));
                }
            }
    if (o.json) {
        fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
    } else {
        for (auto const& s : subjects)
            for (auto const bits : widths) {
                auto table = method_table(
                    fmt::format("{}, INT{}{}", s.name, bits,
                                s.draws.size() > 1 ? fmt::format(", {} seeds: mean [min, max]", s.draws.size()) : ""),
                    q.repetitions > 0);
                for (auto const& p : policies)
                    add_method(table, p.label, rows_of(rows, s.name, bits, p.label), q.repetitions > 0);
                fmt::print("{}", kvt::report::print_table(table));
                print_targets(rows, s.name, bits, phases);
                fmt::print("\n");
            }
    }
    if (!q.output.empty()) {
        write_and_say(q.output + "/compare.csv", kvt::to_csv<quant::policy_result>(rows), o.json);
        write_and_say(q.output + "/compare.json", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty) + "\n",
                      o.json);
    }
    return 0;
}

}  // namespace cli
