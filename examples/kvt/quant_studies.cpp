// quant compare, quant curve: range policies on the same tensors, judged on values they did not see.
#include "commands.hpp"
#include "quant_policies.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/comparison.hpp>
#include <kvt/quant/sequential_smoothing.hpp>
#include <kvt/quant/suites.hpp>
#include <kvt/quant/time_groups.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/report/table.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace cli {

namespace quant = kvt::quant;
using kvt::json;
using kvt::report::cell_align;

namespace {

/// Some tensors that are judged together, and the name of what they come from.
struct subject {
    std::string name;
    std::vector<std::vector<quant::split_tensor>> draws;  ///< one a seed; of a model one
};

std::vector<quant::suite_kind> suites_of(quant_options const& q) {
    if (q.suites.empty())
        return {quant::suite_kind::ramp, quant::suite_kind::irregular, quant::suite_kind::near_constant};
    std::vector<quant::suite_kind> out;
    for (auto const& name : q.suites) {
        auto const kind = kvt::choice_of<quant::suite_kind>(name);
        if (!kind)
            throw kvt::error{kvt::error_kind::usage, "--suite " + name, "no such suite",
                             "ramp, irregular or near_constant"};
        out.push_back(*kind);
    }
    return out;
}

std::vector<subject> subjects_of(quant_options const& q) {
    if (!q.model.empty()) {
        quant::check_time_groups(q.num_time_groups);
        auto const source = quant::open_model(q.model);
        return {{source.name(), {quant::split_model(source, q.num_time_groups)}}};
    }
    std::vector<subject> out;
    for (auto const kind : suites_of(q)) {
        subject s{std::string{kvt::name_of(kind)}, {}};
        for (std::int64_t seed = 1; seed <= q.seeds; ++seed) {
            auto const drawn = quant::draw_suite(kind, seed);
            s.draws.push_back({quant::split_tensor::of(s.name, drawn.view(8))});
        }
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<std::int32_t> widths_of(quant_options const& q) {
    std::vector<std::int32_t> out;
    for (auto const bits : q.bits) {
        quant::check_bits(bits);
        out.push_back(static_cast<std::int32_t>(bits));
    }
    return out;
}

/// A result with where it came from: one row of the tables and files.
struct study_row {
    std::string subject;
    std::int64_t seed = 0;
    double lambda = 0;
    quant::policy_result result;
};

/// Least, mean and greatest over seeds.
struct spread {
    double least = 0, mean = 0, greatest = 0;
};
template <class F> spread spread_of(std::span<study_row const> rows, F&& figure) {
    spread out{figure(rows.front()), 0, figure(rows.front())};
    for (auto const& r : rows) {
        double const v = figure(r);
        out.least = std::min(out.least, v), out.greatest = std::max(out.greatest, v);
        out.mean += v / static_cast<double>(rows.size());
    }
    return out;
}
std::string cell(spread const& s, int digits) {
    auto const mean = kvt::fixed(s.mean, digits);
    if (s.least == s.greatest) return mean;
    return mean + " [" + kvt::fixed(s.least, digits) + ", " + kvt::fixed(s.greatest, digits) + "]";
}

double score(study_row const& r) { return r.result.smoothness_score; }
double bounded_score(study_row const& r) { return r.result.smoothness_score_bounded; }
double violations(study_row const& r) { return static_cast<double>(r.result.violation_count); }
double held_out_cosine(study_row const& r) { return r.result.held_out_cosine; }
double held_out_sqnr(study_row const& r) { return r.result.held_out_sqnr_db.value_or(0); }
double overhead(study_row const& r) { return 100 * r.result.overhead.value_or(0); }

/// The rows of one subject, width and policy.
std::vector<study_row> rows_of(std::vector<study_row> const& all, std::string const& subject, std::int64_t bits,
                               std::string const& policy) {
    std::vector<study_row> out;
    std::ranges::copy_if(all, std::back_inserter(out), [&](study_row const& r) {
        return r.subject == subject && r.result.bits == bits && r.result.policy == policy;
    });
    return out;
}

kvt::report::table start_table(std::string caption, bool overheads) {
    kvt::report::table out{.caption = std::move(caption), .columns = {{"method"}}};
    for (auto const* label : {"smoothness", "bounded", "violations", "held-out cosine", "held-out SQNR (dB)"})
        out.columns.push_back({label, cell_align::right});
    if (overheads) out.columns.push_back({"overhead (%)", cell_align::right});
    return out;
}

void add_row(kvt::report::table& to, std::string const& label, std::vector<study_row> const& rows, bool overheads) {
    std::vector<std::string> cells{label,
                                   cell(spread_of(rows, score), 3),
                                   cell(spread_of(rows, bounded_score), 3),
                                   cell(spread_of(rows, violations), 1),
                                   cell(spread_of(rows, held_out_cosine), 4),
                                   cell(spread_of(rows, held_out_sqnr), 2)};
    if (overheads) cells.push_back(cell(spread_of(rows, overhead), 1));
    to.add(std::move(cells));
}

std::string csv_of(std::vector<study_row> const& rows) {
    std::string out =
        "subject,seed,lambda,policy,bits,smoothness_score,smoothness_score_bounded,violation_count,mse,cosine,"
        "sqnr_db,held_out_cosine,held_out_sqnr_db\n";
    auto const optional = [](std::optional<double> v) { return v ? kvt::shortest(*v) : std::string{}; };
    for (auto const& [subject, seed, lambda, r] : rows)
        out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", subject, seed, kvt::shortest(lambda), r.policy,
                           r.bits, kvt::shortest(r.smoothness_score), kvt::shortest(r.smoothness_score_bounded),
                           r.violation_count, kvt::shortest(r.mse), kvt::shortest(r.cosine), optional(r.sqnr_db),
                           kvt::shortest(r.held_out_cosine), optional(r.held_out_sqnr_db));
    return out;
}

json json_of(std::vector<study_row> const& rows) {
    json out{json::array{}};
    for (auto const& r : rows) {
        auto one = json::of({{"subject", r.subject}, {"seed", r.seed}, {"lambda", r.lambda}});
        auto const fields = kvt::to_json(r.result);
        for (auto const& [key, value] : fields.members()) one[key] = value;
        out.push_back(std::move(one));
    }
    return out;
}

void write_and_say(std::string const& path, std::string const& bytes) {
    kvt::write_file(path, bytes);
    fmt::print("wrote {}\n", path);
}

/// The seeds' targets against the means over seeds, a line a phase.
void print_targets(std::vector<study_row> const& all, std::string const& subject, std::int64_t bits,
                   std::array<std::string, 3> const& phases) {
    struct target {
        double score, violations;
    };
    constexpr std::array<target, 2> wanted{{{0.82, 1}, {0.90, 0}}};
    auto const before = spread_of(rows_of(all, subject, bits, phases[0]), held_out_cosine).mean;
    for (std::size_t p = 0; p < wanted.size(); ++p) {
        auto const rows = rows_of(all, subject, bits, phases[p + 1]);
        auto const s = spread_of(rows, score).mean, v = spread_of(rows, violations).greatest;
        auto const gain = 100 * (spread_of(rows, held_out_cosine).mean / before - 1);
        fmt::print(
            "  phase {}: smoothness {} of {} {}, violations at most {} of {} {}, held-out cosine {}{} % (wanted at "
            "INT2: {})\n",
            p + 2, kvt::fixed(s, 3), kvt::fixed(wanted[p].score, 2), s >= wanted[p].score ? "met" : "MISSED",
            kvt::fixed(v, 0), kvt::fixed(wanted[p].violations, 0), v <= wanted[p].violations ? "met" : "MISSED",
            gain >= 0 ? "+" : "", kvt::fixed(gain, 1), p == 0 ? "+2 to +3 %" : "+6 to +8 %");
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
    std::vector<study_row> rows;
    auto const subjects = subjects_of(q);
    for (auto const& s : subjects)
        for (auto const bits : widths)
            for (std::size_t draw = 0; draw < s.draws.size(); ++draw) {
                std::vector<quant::policy_result> results;
                for (auto const& p : policies)
                    results.push_back(quant::try_policy(s.draws[draw], p, bits, q.smoothness_threshold));
                quant::measure_overheads(s.draws[draw], policies, bits, q.repetitions, results);
                for (auto& r : results)
                    rows.push_back({s.name, static_cast<std::int64_t>(draw) + 1, q.lambda, std::move(r)});
            }
    if (o.json) {
        fmt::print("{}\n", kvt::dump(json_of(rows), kvt::json_style::pretty));
    } else {
        for (auto const& s : subjects)
            for (auto const bits : widths) {
                auto table = start_table(
                    fmt::format("{}, INT{}{}", s.name, bits,
                                s.draws.size() > 1 ? fmt::format(", {} seeds: mean [min, max]", s.draws.size()) : ""),
                    q.repetitions > 0);
                for (auto const& p : policies)
                    add_row(table, p.label, rows_of(rows, s.name, bits, p.label), q.repetitions > 0);
                fmt::print("{}", kvt::report::print_table(table));
                print_targets(rows, s.name, bits, phases);
                fmt::print("\n");
            }
    }
    if (!q.output.empty()) {
        write_and_say(q.output + "/compare.csv", csv_of(rows));
        write_and_say(q.output + "/compare.json", kvt::dump(json_of(rows), kvt::json_style::pretty) + "\n");
    }
    return 0;
}

namespace {

/// Error against smoothness, a line a subject, for one width.
kvt::report::chart curve_chart(std::vector<study_row> const& rows, std::vector<subject> const& subjects,
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
    std::vector<study_row> rows;
    for (auto const& s : subjects)
        for (auto const bits : widths)
            for (double const lambda : lambdas) {
                auto const descent = descent_of(q, lambda);
                for (std::size_t draw = 0; draw < s.draws.size(); ++draw)
                    rows.push_back({s.name, static_cast<std::int64_t>(draw) + 1, lambda,
                                    quant::try_policy(s.draws[draw], {"lambda " + kvt::shortest(lambda), descent}, bits,
                                                      q.smoothness_threshold)});
            }
    if (o.json) {
        fmt::print("{}\n", kvt::dump(json_of(rows), kvt::json_style::pretty));
    } else {
        for (auto const& s : subjects)
            for (auto const bits : widths) {
                auto table = start_table(fmt::format("{}, INT{}", s.name, bits), false);
                for (double const lambda : lambdas) {
                    auto const label = "lambda " + kvt::shortest(lambda);
                    add_row(table, label, rows_of(rows, s.name, bits, label), false);
                }
                fmt::print("{}\n", kvt::report::print_table(table));
            }
    }
    if (q.output.empty()) return 0;
    write_and_say(q.output + "/curve.csv", csv_of(rows));
    for (auto const bits : widths) {
        auto const figure = kvt::report::write_plot(curve_chart(rows, subjects, lambdas, bits), q.output,
                                                    fmt::format("curve_int{}", bits));
        fmt::print("wrote {0}/{1}\nwrote {0}/{2}\n", q.output, figure.png, figure.svg);
    }
    return 0;
}

}  // namespace cli
