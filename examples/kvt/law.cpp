// law: one experiment over a family of models -> how the critical budget moves with context length and model size.
#include "commands.hpp"
#include "lab.hpp"
#include "stop.hpp"

#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/engine/language_model.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/family_law.hpp>
#include <kvt/harness/family_law_report.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/report/plot.hpp>

#include <fmt/core.h>

#include <filesystem>

namespace cli {

namespace harness = kvt::harness;

namespace {

std::int64_t parameters_of(lab const& l, std::string const& folder) {
    if (folder == "constructed")
        return kvt::model::parameter_count(kvt::engine::load_model(folder).transformer.shape());
    auto const config = shipped(l.paths, folder) + "/config.json";
    return kvt::model::parameter_count(kvt::model::shape_from_config(kvt::read_json_file(config), config));
}

/// The members as the configuration names them, each with a group of its own below the family's.
std::vector<harness::family_member> members_of(lab& l) {
    auto const& family = l.settings().family;
    if (!family.models || family.models->empty())
        throw kvt::error{kvt::error_kind::usage, "family.models", "missing", "a list of model folders"};
    if (l.settings().engine.type != "embedded")
        throw kvt::error{kvt::error_kind::usage, "engine.type", "found " + l.settings().engine.type,
                         "embedded: a family is a list of model folders"};
    std::vector<harness::family_member> out;
    for (auto const& folder : *family.models) {
        auto const name = std::filesystem::path{folder}.filename().string();
        for (auto const& other : out)
            if (other.name == name)
                throw kvt::error{kvt::error_kind::usage, "family.models", "two models are called " + name,
                                 "folders with different names"};
        out.push_back({.name = name,
                       .group = l.group() + "." + name,
                       .database = {},
                       .parameters = static_cast<double>(parameters_of(l, folder))});
    }
    return out;
}

/// The options with which one member's experiment is run.
options member_options(options const& o, harness::family_member const& m, std::string const& folder) {
    auto out = o;
    out.overrides.push_back("engine.model_dir=" + folder);
    out.overrides.push_back("model.name=" + m.name);
    out.overrides.push_back("output.exp_group_id=" + m.group);
    out.resume = true;
    return out;
}

void print(harness::family_laws const& found) {
    for (auto const& m : found.members)
        fmt::print("{}: {:.0f} parameters, {} of {} prompts answered with the full cache\n", m.name, m.parameters,
                   m.answered, m.asked);
    for (auto const& sentence : harness::conclusions_of(found)) fmt::print("* {}\n", sentence);
}

}  // namespace

int law(options const& o) {
    std::vector<harness::family_member> members;
    std::vector<std::string> folders;
    std::string folder;
    int const read = on_experiment(o, [&](lab& l) {
        l.check_names();
        members = members_of(l), folders = *l.settings().family.models, folder = l.run_dir();
        return 0;
    });
    if (read != 0) return read;
    kvt::report::require_gnuplot();
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto& m = members[i];
        if (!o.quiet) fmt::print(stderr, "{} ({} of {})\n", m.name, i + 1, members.size());
        int const done = on_experiment(member_options(o, m, folders[i]), [&](lab& l) {
            whole_experiment(l);
            m.database = l.database();
            return l.ctx.stop_requested() ? 1 : 0;
        });
        if (done != 0) return done;
    }
    kvt::run_context context{kvt::exec::any_executor{kvt::exec::thread_executor{o.threads}}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    return on_experiment(o, [&](lab& l) {
        auto const& s = l.settings();
        kvt::analysis::length_size_law const how{.reference_tokens = s.family.reference_tokens,
                                                 .reference_parameters = s.family.reference_parameters,
                                                 .resamples = s.analysis.n_boot,
                                                 .alpha = s.analysis.alpha,
                                                 .seed = s.analysis.seed};
        auto const found = kvt::pipeline{harness::read_family{members, l.analyze_options().truncated},
                                         harness::fit_laws{how}, harness::write_laws{folder}}(context);
        if (o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(found), kvt::json_style::pretty));
        else print(found);
        for (auto const& path : context.written()) fmt::print(stderr, "wrote {}\n", path);
        return 0;
    });
}

}  // namespace cli
