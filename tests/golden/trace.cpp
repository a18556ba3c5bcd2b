// Golden cases of the step-cost estimator: bad input, baseline, iterative, and what lies between.
#include "replay.hpp"
#include "values.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/baseline.hpp>
#include <kvt/trace/iterative.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/simulate.hpp>

#include <cmath>
#include <filesystem>
#include <span>

namespace {

namespace trace = kvt::trace;
using golden::verdict;
using kvt::json;
using trace::chunk_correction;

// Differences that are more than a case allows, the first one kept.
class comparison {
  public:
    void near(std::string const& what, json const& expected, std::optional<double> got, double relative,
              double absolute) {
        ++figures;
        if (expected.is_null() || !got) {
            if (expected.is_null() != !got) note(what, expected, got);
        } else if (!(std::abs(*got - expected.real()) <= relative * std::abs(expected.real()) + absolute)) {
            note(what, expected, got);
        }
    }
    void near(std::string const& what, json const& expected, std::span<double const> got, double relative,
              double absolute) {
        if (expected.size() != got.size())
            return fail(what + ": expected " + std::to_string(expected.size()) + " items, got " +
                        std::to_string(got.size()));
        for (std::size_t i = 0; i < got.size(); ++i)
            near(what + "[" + std::to_string(i) + "]", expected.items()[i], got[i], relative, absolute);
    }
    void equal(std::string const& what, json const& expected, json const& got) {
        ++figures;
        if (!golden::same(expected, got, 0, 0).difference.empty())
            fail(what + ": expected " + kvt::dump(expected) + ", got " + kvt::dump(got));
    }
    void fail(std::string const& why) {
        if (first.empty()) first = why;
    }
    [[nodiscard]] verdict result() const { return first.empty() ? verdict::pass() : verdict::fail(first); }

    std::size_t figures = 0;

  private:
    void note(std::string const& what, json const& expected, std::optional<double> got) {
        fail(what + ": expected " + kvt::dump(expected) + ", got " + (got ? kvt::shortest(*got) : "null"));
    }
    std::string first;
};

// A case's rows as the CSV text that a user would have; null is a blank cell.
std::string csv_of(json const& document) {
    std::vector<std::string> columns;
    if (auto const* given = document.find("input_columns"))
        for (auto const& c : given->items()) columns.push_back(c.text());
    for (auto const& row : document.at("input").items())
        for (auto const& [key, value] : row.members())
            if (std::ranges::find(columns, key) == columns.end()) columns.push_back(key);
    std::string out;
    auto const line = [&](auto const& cell_of) {
        for (std::size_t i = 0; i < columns.size(); ++i) out += (i > 0 ? "," : "") + cell_of(columns[i]);
        out += '\n';
    };
    line([](std::string const& name) { return name; });
    for (auto const& row : document.at("input").items())
        line([&](std::string const& name) -> std::string {
            auto const* cell = row.find(name);
            if (cell == nullptr || cell->is_null()) return {};
            return cell->is_text() ? "\"" + cell->text() + "\"" : kvt::dump(*cell);
        });
    return out;
}

trace::table table_of(json const& document, golden::file const& source) {
    auto const* file = document.find("input_csv");
    if (file == nullptr) return trace::parse_trace(csv_of(document));
    auto const path = (std::filesystem::path{source.path}.parent_path() / file->text()).string();
    return trace::read_trace(path);
}

double real_or(json const& options, std::string_view key, double otherwise) {
    auto const* found = options.find(key);
    return found == nullptr ? otherwise : found->real();
}
chunk_correction correction_or(json const& options, std::string_view key, chunk_correction otherwise) {
    auto const* found = options.find(key);
    return found == nullptr ? otherwise : trace::correction_named(found->text(), key);
}
trace::step_rule rule_of(json const& options) {
    return {.chunk_size = options.at("chunk_size").real(), .min_duration_sec = real_or(options, "min_duration_sec", 0)};
}
trace::iterative iterative_of(json const& options) {
    auto out = trace::iterative::preset(trace::iterative_preset::published);
    out.prefill_correction = correction_or(options, "prefill_correction", out.prefill_correction);
    out.init_correction = correction_or(options, "init_correction", out.init_correction);
    out.max_outer_iters = static_cast<std::int64_t>(real_or(options, "max_outer_iters", 25));
    out.tol = real_or(options, "tol", out.tol);
    out.damping = real_or(options, "damping", out.damping);
    return out;
}

template <class E> trace::exposure exposed(trace::table rows, trace::step_rule rule, E const& estimator) {
    return trace::expose_trace(trace::check_trace(std::move(rows), rule, estimator.prompts()));
}

// What a bad case must be refused with.
verdict refused(json const& document, golden::file const& source) {
    auto const expected = document.at("expected_error").text();
    try {
        auto const& options = document.at("options");
        auto const rule = rule_of(options);
        rule.check();
        auto const run = [&](auto const& estimator) {
            estimator.check();
            (void)estimator(exposed(table_of(document, source), rule, estimator));
        };
        if (document.at("call").text() == "iterative") run(iterative_of(options));
        else run(trace::baseline{correction_or(options, "correction", chunk_correction::uniform)});
    } catch (trace::trace_error const& e) {
        if (kvt::name_of(e.code()) == expected.substr(0, expected.find(':'))) return verdict::pass();
        return verdict::fail("expected " + expected + ", got " + e.what());
    }
    return verdict::fail("expected " + expected + ", was accepted");
}

void compare_betas(comparison& c, std::string const& at, json const& expected, trace::coefficients const& got,
                   double rtol) {
    c.near(at + ".beta0", expected.at("beta0"), got.beta0, rtol, 1e-13);
    c.near(at + ".beta1", expected.at("beta1"), got.beta1, rtol, 1e-13);
    c.near(at + ".beta2", expected.at("beta2"), got.beta2, rtol, 1e-13);
}

void compare_diagnostics(comparison& c, std::string const& at, json const& expected, json const& got, double rtol) {
    for (auto const& [key, value] : expected.members()) {
        auto const* mine = got.find(key);
        if (mine == nullptr) return c.fail(at + ": no " + key);
        auto const name = at + "." + key;
        if (!value.is_number() && !value.is_null()) c.equal(name, value, *mine);
        else if (key.ends_with("r2")) c.near(name, value, golden::real_or_null(*mine), 0, 1e-9);
        else if (key.ends_with("rmse_seconds")) c.near(name, value, golden::real_or_null(*mine), 1e-8, 1e-12);
        else if (key == "final_delta_beta_l2") c.near(name, value, golden::real_or_null(*mine), 1e-6, 1e-12);
        else c.near(name, value, golden::real_or_null(*mine), rtol, key.find("beta") != key.npos ? 1e-13 : 1e-12);
    }
}

void compare_baseline(comparison& c, std::string const& name, json const& expected, trace::table const& rows,
                      trace::step_rule rule) {
    trace::baseline const method{trace::correction_named(name)};
    auto const got = method(exposed(rows, rule, method));
    double const rtol = real_or(expected, "rtol", 1e-9);
    auto const at = "baseline." + name;
    compare_betas(c, at, expected, got.beta, rtol);
    compare_diagnostics(c, at, expected.at("diagnostics"), kvt::to_json(got.diagnostics), rtol);
    if (auto const* rank = expected.find("design_rank")) {
        c.equal(at + ".design_rank", *rank, got.told.rank);
        c.near(at + ".scaled_condition", expected.at("scaled_condition"), got.told.condition, 1e-6, 0);
    }
}

void compare_history(comparison& c, std::string const& at, json const& expected, trace::iteration_history const& got,
                     double rtol) {
    if (expected.at("beta").size() != got.beta.size()) return c.fail(at + ".beta: other length");
    for (std::size_t m = 0; m < got.beta.size(); ++m)
        c.near(at + ".beta[" + std::to_string(m) + "]", expected.at("beta").items()[m], got.beta[m], rtol, 1e-13);
    c.near(at + ".delta_l2", expected.at("delta_l2"), got.delta_l2, 1e-6, 1e-12);
    c.near(at + ".rmse_seconds", expected.at("rmse_seconds"), got.rmse_seconds, 1e-8, 1e-12);
    for (std::size_t m = 0; m < got.r2.size(); ++m)
        c.near(at + ".r2[" + std::to_string(m) + "]", expected.at("r2").items()[m], got.r2[m], 0, 1e-9);
}

void compare_iterative(comparison& c, std::string const& at, json const& expected, trace::table const& rows,
                       trace::step_rule rule) {
    auto const method = iterative_of(expected.at("options"));
    auto const got = method(exposed(rows, rule, method));
    auto const* exact = expected.find("extended_precision");
    auto const& figures = exact != nullptr ? *exact : expected;
    double const rtol = real_or(figures, "rtol", 1e-9);
    compare_betas(c, at, figures, got.beta, rtol);
    c.equal(at + ".converged", figures.at("converged"), got.converged);
    c.equal(at + ".n_outer_iters", figures.at("n_outer_iters"), got.n_outer_iters);
    if (exact == nullptr) {
        compare_diagnostics(c, at, expected.at("diagnostics"), kvt::to_json(got.diagnostics), rtol);
        if (auto const* history = expected.find("history"))
            compare_history(c, at + ".history", *history, got.history, rtol);
    } else if (auto const* history = exact->find("beta_history")) {
        if (history->size() != got.history.beta.size()) return c.fail(at + ".beta_history: other length");
        for (std::size_t m = 0; m < history->size(); ++m)
            c.near(at + ".beta_history[" + std::to_string(m) + "]", history->items()[m], got.history.beta[m], rtol,
                   1e-13);
    }
}

// The figures of the correction that the reference does not have.
void compare_extension(comparison& c, json const& expected, trace::table const& rows, trace::step_rule rule) {
    compare_baseline(
        c, "end_inside",
        [&] {
            json out = json::of({{"diagnostics", json::of({})}});
            for (auto const& [key, value] : expected.at("baseline").members())
                (key.starts_with("beta") ? out : out["diagnostics"])[key] = value;
            return out;
        }(),
        rows, rule);
    auto const& more = expected.at("iterative");
    auto const method = iterative_of(more.at("options"));
    auto const got = method(exposed(rows, rule, method));
    compare_betas(c, "end_inside.iterative", more, got.beta, 1e-9);
    c.equal("end_inside.converged", more.at("converged"), got.converged);
    c.equal("end_inside.n_outer_iters", more.at("n_outer_iters"), got.n_outer_iters);
    c.near("end_inside.final_r2", more.at("final_r2"), got.diagnostics.final_r2, 0, 1e-9);
    c.near("end_inside.final_rmse_seconds", more.at("final_rmse_seconds"), got.diagnostics.final_rmse_seconds, 1e-8,
           1e-12);
}

void compare_first_iteration(comparison& c, json const& expected, trace::exposure const& x) {
    auto const b = golden::reals(expected.at("beta_in"));
    auto const got =
        trace::reweigh(x, {b.at(0), b.at(1), b.at(2)}, x.prefill_pressure, chunk_correction::beta_informed);
    auto const near = [&](std::string const& key, std::span<double const> values) {
        c.near("first iteration." + key, expected.at(key), values, 1e-9, 1e-12);
    };
    near("step_time", got.step_time);
    near("lambda_", got.rate);
    near("effective_prefill_pressure", got.pressure);
    std::vector<double> rate, prefill, decode;
    for (std::size_t j = 0; j < x.segments(); ++j) rate.push_back(got.taken[j] * got.rate[j]);
    near("correction_rate", rate);
    for (std::size_t i = 0; i < x.rows.size(); ++i) {
        double const n = x.rows.steps[i];
        prefill.push_back(n > 0 ? got.prefill[i] / n : expected.at("mean_prefill_pressure").items()[i].real());
        decode.push_back(n > 0 ? got.decode[i] / n : expected.at("mean_decode_pressure").items()[i].real());
    }
    near("mean_prefill_pressure", prefill);
    near("mean_decode_pressure", decode);
}

void compare_intermediate(comparison& c, json const& expected, trace::exposure const& x) {
    auto const near = [&](std::string const& key, json const& figures, std::span<double const> values) {
        c.near("intermediate." + key, figures, values, 1e-9, 1e-12);
    };
    near("grid", expected.at("grid"), x.grid);
    near("full_prefill_pressure", expected.at("full_prefill_pressure"), x.prefill_pressure);
    near("decode_pressure", expected.at("decode_pressure"), x.decode_pressure);
    near("N", expected.at("N"), x.rows.steps);
    near("T", expected.at("T"), x.rows.duration);
    near("A_dec", expected.at("A_dec"), x.decode);
    std::vector<double> density;
    for (std::size_t i = 0; i < x.rows.size(); ++i) density.push_back(x.rows.density(i));
    near("step_density", expected.at("step_density"), density);
    for (auto const& [name, figures] : expected.at("correction_rate").members())
        near("correction_rate." + name, figures, trace::correction_rate(x, trace::correction_named(name)));
    for (auto const& [name, figures] : expected.at("A_pf").members())
        near("A_pf." + name, figures, trace::prefill_exposure(x, trace::correction_named(name)));
    if (auto const* first = expected.find("first_iteration_from_uniform_baseline"))
        compare_first_iteration(c, *first, x);
}

verdict matched(json const& document, golden::file const& source) {
    auto const rows = table_of(document, source);
    auto const rule = rule_of(document.at("options"));
    comparison c;
    auto const& expected = document.at("expected");
    c.equal("n_phases", document.at("n_phases"), rows.size());
    for (auto const& [name, figures] : expected.at("baseline").members())
        compare_baseline(c, name, figures, rows, rule);
    if (auto const* more = expected.find("iterative"))
        for (std::size_t i = 0; i < more->size(); ++i)
            compare_iterative(c, "iterative[" + std::to_string(i) + "]", more->items()[i], rows, rule);
    if (auto const* more = expected.find("extension_end_inside")) compare_extension(c, *more, rows, rule);
    if (auto const* more = expected.find("intermediate"))
        compare_intermediate(c, *more, exposed(rows, rule, trace::iterative{}));
    return c.figures > 0 ? c.result() : verdict::fail("nothing was compared");
}

golden::suite const estimator{"trace.golden", "", [](json const& document, golden::file const& source) {
                                  return document.find("expected_error") != nullptr ? refused(document, source)
                                                                                    : matched(document, source);
                              }};

golden::suite const simulator{
    "trace.simulation", "", [](json const& document, golden::file const& source) {
        auto const beside = [&](json const& name) {
            return kvt::read_file((std::filesystem::path{source.path}.parent_path() / name.text()).string());
        };
        std::vector<trace::request> requests;
        if (auto const* given = document.find("requests"))
            for (auto const& r : given->items()) requests.push_back(kvt::from_json<trace::request>(r));
        else requests = trace::parse_requests(beside(document.at("requests_csv")));
        auto const run = trace::simulate(requests, kvt::from_json<trace::step_engine>(document.at("engine")));
        auto const& expected = document.at("expected");
        auto const& tolerance = document.at("compare");
        double const time = tolerance.at("times").at("atol").real();
        comparison c;
        c.equal("steps", expected.at("steps"), run.log.size());
        c.equal("n_phases", expected.at("n_phases"), run.phases.size());
        c.near("busy_seconds", expected.at("busy_seconds"), run.busy_seconds, 0, 1e-9);
        c.near("makespan_seconds", expected.at("makespan_seconds"), run.makespan_seconds, 0, 1e-9);
        c.near("mean_batch", expected.at("mean_batch"), run.mean_batch, 1e-12, 0);
        double prefill = 0, decode = 0;
        for (auto const& s : run.log)
            prefill += static_cast<double>(s.prefill_tokens), decode += static_cast<double>(s.decode_tokens);
        c.near("total_prefill_tokens", expected.at("total_prefill_tokens"), prefill, 0, 0);
        c.near("total_decode_tokens", expected.at("total_decode_tokens"), decode, 0, 0);
        std::vector<trace::phase> phases;
        if (auto const* rows = expected.find("phases"))
            for (auto const& r : rows->items()) phases.push_back(kvt::from_json<trace::phase>(r));
        else phases = kvt::from_csv<trace::phase>(beside(expected.at("phases_csv")));
        for (std::size_t i = 0; i < std::min(phases.size(), run.phases.size()); ++i) {
            auto const &p = phases[i], &q = run.phases[i];
            auto const at = "phase " + std::to_string(i);
            if (p.request_id != q.request_id || p.phase_type != q.phase_type) c.fail(at + ": is of " + q.request_id);
            c.near(at + ".t_start", p.t_start, q.t_start, 0, time);
            c.near(at + ".t_end", p.t_end, q.t_end, 0, time);
            c.near(at + ".prefill_tokens", p.prefill_tokens, q.prefill_tokens, 0, 0);
            c.near(at + ".decode_tokens", p.decode_tokens, q.decode_tokens, 0, 0);
        }
        if (auto const* log = expected.find("step_log"))
            for (std::size_t i = 0; i < std::min(log->size(), run.log.size()); ++i) {
                auto const step = kvt::from_json<trace::step_record>(log->items()[i]);
                auto const at = "step " + std::to_string(i);
                c.near(at + ".t_start", step.t_start, run.log[i].t_start, 0, time);
                c.near(at + ".t_end", step.t_end, run.log[i].t_end, 0, time);
                c.equal(at + ".prefill_tokens", step.prefill_tokens, run.log[i].prefill_tokens);
                c.equal(at + ".decode_tokens", step.decode_tokens, run.log[i].decode_tokens);
            }
        if (auto const* fit = expected.find("fit_on_true_exposures"))
            c.near("fit_on_true_exposures", *fit, trace::fit_on_log(run).beta.all(),
                   tolerance.at("fit_on_true_exposures").at("rtol").real(),
                   tolerance.at("fit_on_true_exposures").at("atol").real());
        return c.result();
    }};

}  // namespace
