// The flags of `kvt quant ...`.
#include "commands.hpp"

#include <kvt/quant/settings.hpp>

#include <CLI/CLI.hpp>

#include <charconv>

namespace cli {

namespace {

/// Refuses whole numbers that 64 bits do not hold, where the parser would take the nearest that they do.
CLI::Validator const fits{[](std::string& text) {
                              std::int64_t value = 0;
                              char const* const first = text.data() + (text.starts_with('+') ? 1 : 0);
                              auto const got = std::from_chars(first, text.data() + text.size(), value);
                              return got.ec == std::errc::result_out_of_range ? text + " is beyond 64 bits" : "";
                          },
                          "", "fits"};

struct quant_flags {
    CLI::App& group;
    options& o;
    chosen_command& chosen;
    quant_options& q = o.quant;

    CLI::App* command(std::string const& name, std::string const& help, chosen_command run) {
        auto* sub = group.add_subcommand(name, help);
        sub->callback([&target = chosen, run] { target = run; });
        sub->add_option("--threads", o.threads, "0: one per core; the files are the same for any number")
            ->check(CLI::Range(0, 1024));
        sub->add_flag("--json", o.json, "print results as JSON");
        sub->add_flag("-q,--quiet", o.quiet, "no progress");
        return sub;
    }
    CLI::Option* model(CLI::App* sub) {
        return sub->add_option("--model", q.model,
                               "a .safetensors file, a .safetensors.index.json, or a folder holding one of them");
    }
    CLI::Option* groups(CLI::App* sub) {
        auto* count =
            sub->add_option("--num-time-groups", q.num_time_groups, "1 to 100 groups of equal size along each tensor")
                ->check(fits)
                ->capture_default_str();
        sub->add_option("--smoothness-threshold", q.smoothness_threshold, "a scale jump above it is a violation")
            ->capture_default_str();
        return count;
    }
    void smoothing(CLI::App* sub) {
        sub->add_option("--window", q.window, "groups to either side that smoothing looks at, 1 to 20")
            ->check(fits)
            ->capture_default_str();
        sub->add_option("--guard", q.guard, "what bounds smoothing: mse (a group's error), cover (its range) or none")
            ->capture_default_str();
        sub->add_option("--guard-budget", q.guard_budget,
                        "by how much, relative (default: 0.01 for mse, 0.25 for cover)");
    }
    /// What a place to run wants, where a flag does not say otherwise, in whatever order they stand.
    void preset(CLI::App* sub, CLI::Option* width, CLI::Option* count, CLI::Option* size) {
        sub->add_option("--preset", q.preset,
                        "defaults for edge (INT2, 5 time groups, groups of 256, cosine 0.65), local (INT4, 10, 128, "
                        "0.85) or cloud (INT8, 20, 64, 0.95)")
            ->check(CLI::IsMember({"edge", "local", "cloud"}));
        sub->parse_complete_callback([&q = q, width, count, size] {
            auto const where = kvt::choice_of<kvt::quant::deployment>(q.preset);
            if (!where) return;
            auto const s = kvt::quant::settings::preset(*where);
            if (width->empty()) q.bit_width = s.bit_width;
            if (count->empty()) q.num_time_groups = s.num_time_groups;
            if (size->empty()) q.group_size = s.group_size;
            q.min_accuracy = s.min_accuracy;
        });
    }
    void optimizing(CLI::App* sub) {
        sub->add_option("--max-sweeps", q.max_sweeps, "of the optimizer over all groups")
            ->check(fits)
            ->capture_default_str();
    }
    void baseline() {
        auto* sub =
            command("baseline", "a model file -> how smooth its quantization parameters are, and what to do next",
                    quant_baseline);
        model(sub)->required();
        sub->add_option("--output", q.output, "folder for the quantized model and the pictures")->required();
        auto* width = sub->add_option("--bit-width", q.bit_width, "2, 4 or 8")->check(fits)->capture_default_str();
        auto* count = groups(sub);
        auto* size = sub->add_option("--group-size", q.group_size,
                                     "elements that share a scale for their codes (default: a whole time group)")
                         ->check(fits);
        preset(sub, width, count, size);
        sub->add_option("--report", q.report, "the metrics as JSON")->capture_default_str();
        sub->add_option("--html-report", q.html_report, "the report as one page");
        sub->add_option("--log", q.log, "what was done and found, line by line")->capture_default_str();
        sub->add_flag("--verbose", q.verbose, "log every tensor's groups too");
        sub->add_option("--smooth", q.smooth, "phase 2, with this interpolation: linear, cubic or sigmoid");
        smoothing(sub);
        sub->add_flag("--optimize", q.optimize, "phase 3, after smoothing where both are wanted");
        sub->add_option("--lambda", q.lambda, "how much a smooth sequence is worth to the optimizer")
            ->capture_default_str();
        optimizing(sub);
        sub->add_option("--optimizer", q.optimizer, "the range policy of --optimize (see `kvt list`)")
            ->capture_default_str();
        auto* codes =
            sub->add_option("--quantizer", q.quantizer, "how codes lie (see `kvt list`)")->capture_default_str();
        sub->add_flag_callback(
               "--symmetric", [&q = q] { q.quantizer = "symmetric"; }, "codes around zero instead of an offset a group")
            ->excludes(codes);
        sub->add_flag("--fallback", q.fallback, "where the cosine is too low, try the next width (2, 4, 8)");
        sub->add_flag("--suggest-widths", q.suggest_widths,
                      "also say which width the entropy of each tensor suggests; a heuristic that decides nothing");
        sub->add_option("--calibration", q.calibration,
                        "JSON lines of activations with timesteps; smoothness is then theirs");
    }
    void sources(CLI::App* sub) {
        auto* from = model(sub);
        sub->add_option("--suite", q.suites, "ramp, irregular, near_constant (default: all; without --model)")
            ->delimiter(',')
            ->excludes(from);
        sub->add_option("--bits", q.bits, "widths")->check(fits)->delimiter(',')->capture_default_str();
        sub->add_option("--seeds", q.seeds, "draws of each suite")
            ->capture_default_str()
            ->check(CLI::Range(1, 1000))
            ->excludes(from);
        groups(sub)->needs(from);
        optimizing(sub);
        sub->add_option("-o,--output", q.output, "folder for tables and pictures");
    }
    void caches() {
        auto* sub =
            command("cache", "KV caches over groups of tokens: smoothness, damage, and whether one tells the other",
                    quant_cache);
        auto& c = o.quant_cache;
        auto const count = CLI::Range(std::int64_t{1}, std::int64_t{1'000'000});
        sub->add_option("--model", o.model_dir,
                        "config.json, model.safetensors, tokenizer.json (default "
                        "config/models/recall)");
        auto* prompts = sub->add_option("--prompts", c.prompts, "JSON Lines with context, question and answers");
        sub->add_option("--generate", c.generate, "without a file: so many prompts of the recall task")
            ->capture_default_str()
            ->check(count)
            ->excludes(prompts);
        sub->add_option("--length", c.length, "generated prompts: tokens of the longest")
            ->capture_default_str()
            ->check(count)
            ->excludes(prompts);
        sub->add_option("--bits", c.bits, "one or more of 2,4,8; the first for the pictures")
            ->check(fits)
            ->delimiter(',')
            ->capture_default_str();
        sub->add_option("--group", c.groups,
                        "tokens of keys and channels of values, one or more sizes; single groups are of the first")
            ->check(fits)
            ->delimiter(',')
            ->capture_default_str();
        sub->add_option("--residual", c.residual, "recent tokens left as they are; a multiple of every group size")
            ->check(fits)
            ->capture_default_str();
        sub->add_option("--parameter-bits", c.parameters, "of each stored scale and offset")
            ->capture_default_str()
            ->check(CLI::IsMember({"16", "32", "64"}));
        sub->add_option("--policy", c.policy, "of the eviction part")->capture_default_str();
        sub->add_option("--budget", c.budget, "of the eviction part")->capture_default_str();
        sub->add_option("--resamples", c.resamples, "of prompts, behind the intervals")
            ->capture_default_str()
            ->check(count);
        sub->add_option("--seed", c.seed, "of prompts and resamples")->check(fits)->capture_default_str();
        sub->add_option("-o,--output", c.output, "folder for cache_study.json, cache_study.md and the pictures")
            ->capture_default_str();
    }
    void studies() {
        auto* sub = command("compare", "baseline, smoothing, optimization and a range search that does not smooth",
                            quant_compare);
        sources(sub);
        smoothing(sub);
        sub->add_option("--lambda", q.lambda, "of the optimizer")->capture_default_str();
        sub->add_option("--repetitions", q.repetitions, "interleaved, behind the overheads: 20 or more, or 0 for none")
            ->capture_default_str()
            ->check(CLI::Range(0, 1000));
        sub = command("curve", "smoothness against error as lambda grows", quant_curve);
        sources(sub);
        sub->add_option("--lambda", q.lambdas, "weights of smoothness")->delimiter(',')->capture_default_str();
    }
};

}  // namespace

void add_quant_commands(CLI::App& app, options& o, chosen_command& chosen) {
    auto* group =
        app.add_subcommand("quant", "how smooth quantization parameters are across groups, and what that is worth");
    group->require_subcommand(1);
    quant_flags flags{*group, o, chosen};
    flags.baseline();
    flags.studies();
    flags.caches();
}

}  // namespace cli
