// quant cache: a model's KV caches quantized over groups of tokens.
#include "commands.hpp"
#include "files.hpp"
#include "lab.hpp"
#include "stop.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/cache_study.hpp>
#include <kvt/harness/cache_study_report.hpp>
#include <kvt/report/plot.hpp>

#include <fmt/core.h>

namespace cli {

namespace harness = kvt::harness;

namespace {

harness::cache_study_settings settings_of(quant_cache_options const& q) {
    auto const width = kvt::choice_of<kvt::quant::parameter_width>(q.parameters);
    return {.bits = q.bits,
            .groups = q.groups,
            .residual = q.residual,
            .parameters = width.value_or(kvt::quant::parameter_width::half),
            .policy = q.policy,
            .budget = q.budget,
            .resamples = q.resamples,
            .seed = q.seed};
}

harness::cache_findings study(kvt::run_context& context, quant_cache_options const& q, harness::cache_study const& by) {
    auto const run = [&](auto source) {
        return kvt::pipeline{std::move(source), by, harness::write_cache_study{q.output}}(context);
    };
    if (!q.prompts.empty()) return run(harness::read_cache_prompts{q.prompts});
    return run(
        harness::cache_prompts{kvt::data::recall{.lengths = {q.length}, .n_examples = q.generate, .seed = q.seed}});
}

}  // namespace

int quant_cache(options const& o) {
    auto const& q = o.quant_cache;
    auto const settings = settings_of(q);
    settings.check();
    for (auto const* file : {"cache_study.json", "cache_study.md"})
        require_writable({"a file in --output", q.output + "/" + file});
    kvt::report::require_gnuplot();
    kvt::config::paths const paths{kvt::config::find_root(o.root)};
    std::string const folder = o.model_dir.empty() ? "config/models/recall" : o.model_dir;
    kvt::run_context context{kvt::exec::thread_executor{o.threads}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const found =
        study(context, q,
              harness::cache_study{kvt::engine::load_model(folder == "constructed" ? folder : shipped(paths, folder)),
                                   settings});
    if (o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(found), kvt::json_style::pretty));
    else
        for (auto const& sentence : found.conclusions) fmt::print("* {}\n", sentence);
    for (auto const& file : context.written()) fmt::print(stderr, "wrote {}\n", file);
    return 0;
}

}  // namespace cli
