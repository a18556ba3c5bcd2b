// quant curve: smoothness against error as the weight of smoothness grows.
#include "commands.hpp"
#include "quant_policies.hpp"
#include "quant_study.hpp"
#include "stop.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/exec/executor.hpp>
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
    auto lambdas = q.lambdas;
    for (double const lambda : lambdas) (void)descent_of(q, lambda);  // only numbers can be put in order
    std::ranges::sort(lambdas);
    lambdas.erase(std::unique(lambdas.begin(), lambdas.end()), lambdas.end());
    std::vector<quant::coordinate_descent> descents;
    for (double const lambda : lambdas) descents.push_back(descent_of(q, lambda));
    std::vector<quant::named_policy> policies;
    for (auto const& d : descents) policies.push_back({"lambda " + kvt::shortest(d.lambda), d});
    policy_study study{q, {"curve.csv"}};
    if (!q.output.empty()) kvt::report::require_gnuplot();
    kvt::run_context context{kvt::exec::thread_executor{o.threads}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    study.run(context, policies);
    auto const& subjects = study.subjects();
    auto const& widths = study.widths();
    policy_results rows;
    for (std::size_t s = 0; s < subjects.size(); ++s)
        for (std::size_t w = 0; w < widths.size(); ++w)
            for (std::size_t p = 0; p < policies.size(); ++p)
                for (std::size_t draw = 0; draw < subjects[s].draws; ++draw) {
                    rows.push_back(study.row(s, draw, w, p));
                    rows.back().lambda = lambdas[p];
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
