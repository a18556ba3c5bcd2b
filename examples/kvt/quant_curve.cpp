// quant curve: smoothness against error as the weight of smoothness grows.
#include "commands.hpp"
#include "quant_policies.hpp"
#include "quant_study.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/report/plot.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace cli {

namespace quant = kvt::quant;

namespace {

/// Error against smoothness, a line a subject, for one width.
kvt::report::chart curve_chart(policy_results const& rows, std::vector<subject> const& subjects,
                               std::vector<double> const& lambdas, std::int64_t bits) {
    kvt::report::chart out{.title = fmt::format("Smoothness against error, INT{}", bits),
                           .subtitle = "coordinate descent from lambda " + kvt::shortest(lambdas.front()) + " to " +
                                       kvt::shortest(lambdas.back()) + ", on held-out values",
                           .x = {.label = "smoothness (bounded)"},
                           .y = {.label = "held-out SQNR (dB)"}};
    double lowest = 1e9;
    for (auto const& s : subjects) {
        kvt::report::chart_series line{.label = s.name, .points = {}};
        for (double const lambda : lambdas) {
            auto const found = rows_of(rows, s.name, bits, "lambda " + kvt::shortest(lambda));
            auto const y = spread_of(found, held_out_sqnr);
            line.points.push_back({spread_of(found, bounded_score).mean, y.mean, y.least, y.greatest});
            lowest = std::min(lowest, y.least);
        }
        out.series.push_back(std::move(line));
    }
    out.y.low = lowest - 0.5;
    return out;
}

}  // namespace

int quant_curve(options const& o) {
    auto const& q = o.quant;
    auto const widths = widths_of(q);
    auto lambdas = q.lambdas;
    std::ranges::sort(lambdas);
    auto const subjects = subjects_of(q);
    policy_results rows;
    for (auto const& s : subjects)
        for (auto const bits : widths)
            for (double const lambda : lambdas) {
                auto const descent = descent_of(q, lambda);
                for (std::size_t draw = 0; draw < s.draws.size(); ++draw) {
                    auto r = quant::try_policy(s.draws[draw], {"lambda " + kvt::shortest(lambda), descent}, bits,
                                               q.smoothness_threshold);
                    r.subject = s.name, r.seed = static_cast<std::int64_t>(draw) + 1, r.lambda = lambda;
                    rows.push_back(std::move(r));
                }
            }
    if (o.json) {
        fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
    } else {
        for (auto const& s : subjects)
            for (auto const bits : widths) {
                auto table = method_table(fmt::format("{}, INT{}", s.name, bits));
                for (double const lambda : lambdas) {
                    auto const label = "lambda " + kvt::shortest(lambda);
                    table.add(method_cells(label, rows_of(rows, s.name, bits, label)));
                }
                fmt::print("{}\n", kvt::report::print_table(table));
            }
    }
    if (q.output.empty()) return 0;
    write_and_say(q.output + "/curve.csv", kvt::to_csv<quant::policy_result>(rows), o.json);
    for (auto const bits : widths) {
        auto const figure = kvt::report::write_plot(curve_chart(rows, subjects, lambdas, bits), q.output,
                                                    fmt::format("curve_int{}", bits));
        fmt::print(o.json ? stderr : stdout, "wrote {0}/{1}\nwrote {0}/{2}\n", q.output, figure.png, figure.svg);
    }
    return 0;
}

}  // namespace cli
