// The commands of the `kvt` program. Each returns the process's exit code; errors are thrown as kvt::error.
#pragma once

#include "options.hpp"

#include <kvt/trace/iterative.hpp>
#include <kvt/trace/request.hpp>

namespace CLI {
class App;
}

namespace cli {

int list(options const& o);            ///< every registry with its policies, parameters and defaults
int validate(options const& o);        ///< loads a configuration and says what is wrong with it
int resolve(options const& o);         ///< prints group, run folder and database
int prepare(options const& o);         ///< dataset -> manifest
int run(options const& o);             ///< manifest -> outcomes
int score(options const& o);           ///< outcomes -> scores
int analyze(options const& o);         ///< scores -> bin statistics, transitions, comparisons
int report(options const& o);          ///< statistics -> report.md, report.html, summary.json, plots
int all(options const& o);             ///< prepare -> run -> score -> analyze -> report
int law(options const& o);             ///< one experiment over a family of models -> how critical budgets move
int demo(options const& o);            ///< the shipped experiment, from nothing to a report
int sample(options const& o);          ///< randomly chosen requests beside their gold answers
int clean(options const& o);           ///< removes a group's rows and files
int verify(options const& o);          ///< recomputes budgets, bytes and hashes from the store alone
int compare(options const& o);         ///< paired differences between runs of one or several groups
int serve(options const& o);           ///< an OpenAI-compatible server over the embedded engine
int probe(options const& o);           ///< what an engine can prove about its budget
int trace_estimate(options const& o);  ///< a phase trace -> what a step costs
int trace_simulate(options const& o);  ///< requests and step costs -> phases
int trace_recover(options const& o);   ///< whether estimators find costs that are known
int trace_judge(options const& o);     ///< an engine's phase log, estimated, beside its step log
int trace_load(options const& o);      ///< sends a bursty load to a server
int trace_predict(options const& o);   ///< requests and step costs -> what users would see
int trace_expose(options const& o);    ///< a phase trace -> what each phase met, as CSV
int trace_plot(options const& o);      ///< a phase trace -> pictures
int quant_cache(options const& o);     ///< how smooth quantized KV caches are, and whether that tells which groups hurt

int quant_baseline(options const& o);  ///< a model file -> smoothness of its quantization, as JSON, HTML and log
int quant_compare(options const& o);   ///< baseline, smoothing, optimization and their controls side by side
int quant_curve(options const& o);     ///< smoothness against error as the optimizer's weight grows

int train(options const& o);              ///< a training job -> a model that an engine reads
int scaling_plan(options const& o);       ///< budgets and model sizes -> sweep.json
int scaling_train(options const& o);      ///< sweep.json -> results.json
int scaling_analyze(options const& o);    ///< results.json -> scaling_laws.json
int scaling_visualize(options const& o);  ///< results and laws -> pictures
int scaling_all(options const& o);        ///< all four
int scaling_predict(options const& o);    ///< laws -> the best model and data for budgets

/// What the program was told to do; the flags of a group of commands set it.
using chosen_command = int (*)(options const&);
/// Adds `quant` and its commands.
void add_quant_commands(CLI::App& app, options& o, chosen_command& chosen);
/// Adds `train`.
void add_train_command(CLI::App& app, options& o, chosen_command& chosen);
/// Adds `scaling` and its commands.
void add_scaling_commands(CLI::App& app, options& o, chosen_command& chosen);

/// The iterative estimator that the options ask for.
kvt::trace::iterative iterative_of(trace_options const& t);
/// The requests of a file, the first of them where fewer are wanted.
std::vector<kvt::trace::request> load_requests(trace_options const& t);

}  // namespace cli
