// The flags of `kvt train`.
#include "commands.hpp"

#include <CLI/CLI.hpp>

namespace cli {

void add_train_command(CLI::App& app, options& o, chosen_command& chosen) {
    auto* sub =
        app.add_subcommand("train", "a decoder from data to a folder an engine reads; goes on where it was stopped");
    sub->callback([&chosen] { chosen = train; });
    sub->add_option("-c,--config", o.config, "training job (YAML), for instance config/train/recall.yaml")->required();
    sub->add_option("overrides", o.overrides, "KEY=VALUE with dots in KEY, for instance schedule.steps=200");
    sub->add_flag("--fresh", o.force, "begin anew even where there is a checkpoint");
    sub->add_flag("--print-config", o.print_config, "print the job with all its defaults, and train nothing");
    sub->add_option("--threads", o.threads, "0: one per core; the model is the same for any number")
        ->check(CLI::Range(0, 1024));
    sub->add_flag("--json", o.json, "print the result as JSON");
    sub->add_flag("-q,--quiet", o.quiet, "no progress");
}

}  // namespace cli
