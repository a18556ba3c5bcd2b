// The flags of `kvt scaling ...`.
#include "commands.hpp"

#include <CLI/CLI.hpp>

namespace cli {

namespace {

struct scaling_flags {
    CLI::App& group;
    options& o;
    chosen_command& chosen;
    scaling_options& s = o.scaling;

    CLI::App* command(std::string const& name, std::string const& help, chosen_command run) {
        auto* sub = group.add_subcommand(name, help);
        sub->callback([&target = chosen, run] { target = run; });
        sub->add_flag("--json", o.json, "print results as JSON");
        sub->add_flag("-q,--quiet", o.quiet, "no progress");
        return sub;
    }
    CLI::App* configured(std::string const& name, std::string const& help, chosen_command run) {
        auto* sub = command(name, help, run);
        sub->add_option("-c,--config", s.config, "settings (YAML), over the defaults");
        sub->add_flag("--print-config", s.print_config, "print all settings, and do nothing");
        sub->add_option("settings", s.settings, "KEY=VALUE with dots in KEY, over all others");
        sub->add_option("--threads", o.threads, "0: one per core; the files are the same for any number")
            ->check(CLI::Range(0, 1024));
        return sub;
    }
    void modes(CLI::App* sub) {
        sub->add_option("--mode", s.mode, "of training: mock (losses from a known surface) or local (real training)");
    }
    void add() {
        configured("plan", "budgets and model sizes -> sweep.json", scaling_plan);
        modes(configured("train", "sweep.json -> results.json; goes on where it was stopped", scaling_train));
        configured("analyze", "results.json -> scaling_laws.json", scaling_analyze);
        configured("visualize", "results and laws -> pictures", scaling_visualize)->alias("viz");
        auto* all =
            configured("all", "plan, train, analyze, visualize; settings begin with the command's name", scaling_all);
        modes(all);
        all->add_option("-o,--output", s.output, "folder for everything that is written");
        auto* predict = command("predict", "scaling_laws.json -> the best model and data for budgets", scaling_predict);
        predict->add_option("budgets", s.budgets, "in FLOPs (default: nine from 1e18 to 1e22)");
        predict->add_option("--laws", s.laws, "scaling_laws.json")->capture_default_str();
    }
};

}  // namespace

void add_scaling_commands(CLI::App& app, options& o, chosen_command& chosen) {
    auto* group = app.add_subcommand("scaling", "which model size a compute budget is spent on best");
    group->require_subcommand(1);
    scaling_flags{*group, o, chosen}.add();
}

}  // namespace cli
