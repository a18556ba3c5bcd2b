// quant compare: range policies on the same tensors, judged on values they did not see.
#include "commands.hpp"
#include "quant_policies.hpp"
#include "quant_study.hpp"
#include "stop.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/quant/configured.hpp>
#include <kvt/quant/sequential_smoothing.hpp>

#include <fmt/core.h>

namespace cli {

namespace quant = kvt::quant;
using kvt::report::cell_align;

namespace {

using named_policies = std::vector<quant::named_policy>;

/// What the seeds of kvt's quantization part ask of each phase; the baseline's are the range they expect.
struct targets {
    std::string phase;
    double least_score, greatest_score, least_violations, most_violations, gain, overhead;
};
targets const wanted[]{{"baseline", 0.65, 0.78, 1, 3, 0, 1},
                       {"phase 2: kernel smoothing", 0.82, 1, 0, 1, 2, 10},
                       {"phase 3: coordinate descent", 0.90, 1, 0, 0, 6, 15}};

/// One line a phase: how many draws meet each target. `overheads` in per cent, in the order of the phases, or empty.
void print_targets(policy_results const& all, std::string const& subject, std::int64_t bits,
                   std::vector<double> const& overheads) {
    auto const plain = rows_of(all, subject, bits, wanted[0].phase);
    for (std::size_t p = 0; p < std::size(wanted); ++p) {
        auto const& w = wanted[p];
        auto const rows = rows_of(all, subject, bits, w.phase);
        std::size_t scores = 0, counts = 0, gains = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            scores += score(rows[i]) >= w.least_score && score(rows[i]) <= w.greatest_score ? 1 : 0;
            counts += violations(rows[i]) >= w.least_violations && violations(rows[i]) <= w.most_violations ? 1 : 0;
            gains += held_out_cosine(rows[i]) >= (1 + w.gain / 100) * held_out_cosine(plain[i]) ? 1 : 0;
        }
        auto const of = [&](std::size_t met) { return fmt::format("{} of {}", met, rows.size()); };
        fmt::print("  {}: smoothness {}{} in {}, violations {}{} in {}", w.phase.substr(0, w.phase.find(':')),
                   p == 0 ? "0.65 to " : ">= ", kvt::fixed(p == 0 ? w.greatest_score : w.least_score, 2), of(scores),
                   p == 0 ? "1 to " : "<= ", kvt::fixed(w.most_violations, 0), of(counts));
        if (p > 0 && bits == 2) fmt::print(", held-out cosine +{} % in {}", kvt::fixed(w.gain, 0), of(gains));
        if (!overheads.empty())
            fmt::print(", overhead < {} % {}", kvt::fixed(w.overhead, 0), overheads[p] < w.overhead ? "met" : "MISSED");
        fmt::print("\n");
    }
}

/// All but the last, the published optimizer: with 4 G + 1 losses an iteration it would take most of the time by far.
std::span<quant::named_policy const> timed(named_policies const& policies) {
    return std::span{policies}.first(policies.size() - 1);
}

void print_subject(subject const& s, std::int32_t bits, policy_results const& rows, named_policies const& policies,
                   std::int64_t values, std::vector<double> overheads) {
    auto table =
        method_table(fmt::format("{}, INT{}{}", s.name, bits,
                                 s.draws > 1 ? fmt::format(", {} seeds: mean [min, max]", s.draws) : std::string{}));
    if (!overheads.empty())
        table.columns.push_back(
            {fmt::format("overhead (%, {:.1e} values)", static_cast<double>(values)), cell_align::right});
    for (std::size_t p = 0; p < policies.size(); ++p) {
        auto cells = method_cells(policies[p].label, rows_of(rows, s.name, bits, policies[p].label));
        if (!overheads.empty())
            cells.push_back(p < overheads.size() ? kvt::fixed(overheads[p] *= 100, 0) : "not timed");
        table.add(std::move(cells));
    }
    fmt::print("{}", kvt::report::print_table(table));
    print_targets(rows, s.name, bits, overheads);
    fmt::print("\n");
}

void print(kvt::run_context& context, policy_study const& study, policy_results const& rows,
           named_policies const& policies, bool with_times) {
    for (std::size_t s = 0; s < study.subjects().size(); ++s) {
        auto const cost = with_times ? study.times(context, s, timed(policies)) : quant::policy_overheads{};
        for (std::size_t w = 0; w < study.widths().size(); ++w)
            print_subject(study.subjects()[s], study.widths()[w], rows, policies, cost.values,
                          with_times ? cost.shares[w] : std::vector<double>{});
    }
}

}  // namespace

int quant_compare(options const& o) {
    auto q = o.quant;
    if (q.smooth.empty()) q.smooth = "linear";
    quant::min_max_ranges const plain;
    auto const smoothing = smoothing_of(q);
    auto const descent = descent_of(q, q.lambda), free = descent_of(q, 0);
    quant::range_search const search;
    quant::sequential_smoothing const sequential;
    auto const published = quant::published_optimizer_of({});
    named_policies const policies{{wanted[0].phase, plain},
                                  {wanted[1].phase, smoothing},
                                  {wanted[2].phase, descent},
                                  {"control: range search", search},
                                  {"control: descent, lambda 0", free},
                                  {"control: sequential smoothing", sequential},
                                  {"control: finite differences", published}};
    if (q.repetitions > 0 && q.repetitions < 20)
        throw kvt::error{kvt::error_kind::usage, "--repetitions " + std::to_string(q.repetitions), "too few for a time",
                         "20 or more, or 0 for no overheads"};
    policy_study study{q, {"compare.csv", "compare.json"}};
    kvt::run_context context{kvt::exec::thread_executor{o.threads}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    study.run(context, policies);
    policy_results rows;
    for (std::size_t s = 0; s < study.subjects().size(); ++s)
        for (std::size_t w = 0; w < study.widths().size(); ++w)
            for (std::size_t draw = 0; draw < study.subjects()[s].draws; ++draw)
                for (std::size_t p = 0; p < policies.size(); ++p) rows.push_back(study.row(s, draw, w, p));
    if (o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
    else print(context, study, rows, policies, q.repetitions > 0);
    if (!q.output.empty()) {
        write_and_say(q.output + "/compare.csv", kvt::to_csv<quant::policy_result>(rows), o.json);
        write_and_say(q.output + "/compare.json", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty) + "\n",
                      o.json);
    }
    return 0;
}

}  // namespace cli
