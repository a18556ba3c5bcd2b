// train: a job file -> a trained model.
#include "commands.hpp"
#include "stop.hpp"

#include <kvt/config/yaml.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/scaling/train_decoder.hpp>

#include <fmt/core.h>

namespace cli {

namespace scaling = kvt::scaling;

namespace {

void print(scaling::decoder_result const& r, std::vector<std::string> const& files) {
    fmt::print("{} parameters, {} steps, {} tokens, {:.3g} FLOP (6 N D)\n", r.parameters, r.steps, r.tokens, r.flops);
    for (auto const& s : r.stages)
        fmt::print("  length {}: {} steps, loss {}, accuracy {}{}\n", s.length, s.steps, kvt::fixed(s.loss, 4),
                   kvt::fixed(s.accuracy, 3), s.reached ? "" : " (not what was asked)");
    if (r.finished) fmt::print("final loss {}, accuracy {}\n", kvt::fixed(r.final_loss, 4), kvt::fixed(r.accuracy, 3));
    if (r.passes > 0) fmt::print("the data were begun anew {} times\n", r.passes);
    for (auto const& e : r.exact) fmt::print("  {} tokens: {} of {} answers exact\n", e.length, e.exact, e.prompts);
    for (auto const& path : files) fmt::print("wrote {}\n", path);
    if (r.finished) fmt::print("SHA-256 of model.safetensors: {}\n", kvt::sha256_file(r.folder + "/model.safetensors"));
}

std::string resume_line(options const& o) {
    std::string out = "kvt train -c " + o.config;
    for (auto const& word : o.overrides) out += " '" + word + "'";
    return out;
}

}  // namespace

int train(options const& o) {
    auto const job = scaling::load_decoder_job(o.config, o.overrides);
    if (o.print_config) {
        fmt::print("{}", kvt::config::dump_yaml(kvt::to_json(job)));
        return 0;
    }
    kvt::run_context context{kvt::exec::thread_executor{o.threads}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const earlier = o.force ? scaling::earlier_checkpoint::discard : scaling::earlier_checkpoint::go_on;
    auto const done = scaling::train_decoder<>{job, earlier}(context, kvt::start{});
    if (o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(done), kvt::json_style::pretty));
    else print(done, context.written());
    if (done.finished) return 0;
    fmt::print(stderr, "kvt: stopped after step {} of {}; to go on: {}\n", done.steps, job.schedule.steps,
               resume_line(o));
    return 1;
}

}  // namespace cli
