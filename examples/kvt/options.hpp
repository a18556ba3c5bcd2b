// What the command line said, as plain data: one record for all commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// trace: what an estimate is asked for.
struct trace_options {
    std::string file;
    std::optional<double> chunk_size;  ///< 64 where it is not given
    double min_duration_sec = 0;
    std::string algo;  ///< empty: both
    std::string preset = "robust", correction = "uniform", prefill_correction, init_correction;
    std::optional<std::int64_t> max_outer_iters;
    std::optional<double> tol, damping, pressure_damping;
    std::int64_t resamples = 1000;  ///< estimate: behind the intervals; 0: none
    std::string replicates_csv;     ///< estimate: a file for the resampled costs
    std::int64_t simulations = 0;   ///< recover: how often each load is simulated for coverage
    bool standard_loads = false;    ///< recover: the six synthetic loads instead of a file
    bool self_check = false;

    double beta0 = 0.008, beta1 = 4e-5, beta2 = 1.5e-4;  ///< simulate, recover: the true costs
    std::int64_t engine_chunk = 512, max_running = 0, token_budget = 0;
    bool first_token_in_decode = false;
    double noise_sigma = 0, quantum = 0, origin = 0;
    std::uint64_t noise_seed = 0;
    std::vector<double> speeds{1};      ///< simulate: one
    std::optional<std::int64_t> first;  ///< only so many requests
    std::string output,
        steps;  ///< simulate, expose: a file (empty: standard output), step log (judge too); plot: a folder

    std::vector<double> betas;  ///< predict: the costs, or
    std::string from_trace;     ///< the phases they are estimated from
    std::optional<double> trace_chunk, sigma, held_out, slo_ttft, slo_tpot;
    std::vector<std::int64_t> chunk_sizes{512}, max_runnings{0}, token_budgets{0};
    std::string beta_replicates;
    std::int64_t replicates = 0;
    double level = 0.95;

    std::string url;  ///< load: whom to ask
    std::int64_t bursts = 8, burst_size = 6;
    double gap = 0.5;  ///< seconds between bursts
    std::vector<std::int64_t> prompt_range{64, 1024}, answer_range{8, 64};
    std::int64_t load_seed = 1337, connections = 64;
};

/// quant: what is quantized, how, and what is done to the groups' ranges afterwards.
struct quant_options {
    std::string model, output;
    std::int64_t bit_width = 2, num_time_groups = 4;
    std::optional<std::int64_t> group_size;
    double smoothness_threshold = 0.3;
    std::string preset;                  ///< empty: none
    std::optional<double> min_accuracy;  ///< the preset's; null: what the width asks for
    std::string quantizer = "asymmetric", optimizer = "coordinate_descent";
    bool fallback = false, suggest_widths = false, verbose = false;
    std::string report = "baseline_metrics.json", html_report, log = "baseline_metrics.log", calibration;
    std::string smooth, guard = "mse";  ///< the interpolation of phase 2; empty: none
    std::int64_t window = 1;
    std::optional<double> guard_budget;  ///< where it is not given: 0.01 for mse, 0.25 for cover
    bool optimize = false;
    double lambda = 1;
    std::int64_t max_sweeps = 20;

    std::vector<std::string> suites;  ///< compare, curve: where no model is given; empty: all
    std::vector<std::int64_t> bits{2, 4, 8};
    std::int64_t seeds = 5, repetitions = 20;
    std::vector<double> lambdas{0, 0.1, 0.3, 1, 3, 10};
};

/// scaling: settings beside their defaults.
struct scaling_options {
    std::string config;                 ///< a file; empty: none
    std::vector<std::string> settings;  ///< KEY=VALUE
    bool print_config = false;
    std::string mode, output;  ///< all: of training; a folder for everything
    std::string laws = "outputs/analysis/scaling_laws.json";
    std::vector<double> budgets;  ///< predict
};

/// quant cache: which caches are studied, and how.
struct quant_cache_options {
    std::string prompts;         ///< JSON Lines; empty: generated ones
    std::int64_t generate = 48;  ///< how many
    std::int64_t length = 2000;  ///< of the longest
    std::vector<std::int64_t> bits{2, 4, 8}, groups{32, 16, 64};
    std::int64_t residual = 64;
    std::string parameters = "16", policy = "snapkv";
    double budget = 0.5;
    std::int64_t resamples = 2000, seed = 1337;
    std::string output = "runs/cache_study";
};

struct options {
    std::string config;                  ///< -c: the experiment document; empty: the default document alone
    std::vector<std::string> overrides;  ///< KEY=VALUE
    std::string root;                    ///< --root, else KVT_ROOT, else found upwards
    bool json = false;                   ///< results as JSON on standard output
    bool quiet = false;                  ///< no progress

    bool force = false, resume = false, retry_failed = false, allow_unproven = false, allow_partial = false;
    bool print_config = false, yes = false, purge_dataset = false, skip_bad = false;
    std::string from;  ///< all: the first stage to run
    std::string run_id, split = "test", cache_dir, notes, fixed_time;

    std::string folder;                 ///< verify, compare: runs/<group> or a database
    std::vector<std::string> folders;   ///< compare: two or more
    std::string address = "127.0.0.1";  ///< serve
    std::uint16_t port = 8080;
    std::string model_dir;
    int threads = 0;                                                   ///< 0: one per core
    std::int64_t chunk_size = 512, max_running = 0, token_budget = 0;  ///< serve: of the step loop
    std::string phase_log, step_log;

    std::optional<std::int64_t> n;  ///< sample (10), probe (1)
    std::optional<std::int64_t> seed, bin;
    std::optional<double> budget;

    trace_options trace;
    quant_options quant;
    quant_cache_options quant_cache;
    scaling_options scaling;
};

}  // namespace cli
