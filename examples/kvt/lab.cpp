#include "lab.hpp"

#include <kvt/config/environment.hpp>
#include <kvt/config/revision.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/sampling_settings.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/schema.hpp>

#include <cstdio>

namespace cli {

namespace {
/// Settings read `.env` by themselves; keys are looked up later, in the process's environment.
options const& with_dotenv(options const& given) {
    kvt::config::export_dotenv();
    return given;
}
}  // namespace

lab::lab(options const& given)
    : o{with_dotenv(given)}, paths{kvt::config::find_root(given.root)},
      loaded{kvt::config::load(paths.below("config/default.yaml"), given.config, given.overrides)} {
    loaded.require_valid();
    if (!o.quiet)
        for (auto const& line : loaded.warnings()) std::fprintf(stderr, "WARN: %s\n", line.c_str());
    if (o.quiet) ctx.progress = kvt::progress_meter{kvt::progress_style::silent};
    ctx.seed = settings().analysis.seed;
    kvt::harness::experiment e;
    e.group = group(), e.run_dir = run_dir();
    e.config_yaml = loaded.printed(), e.config_hash = loaded.hash();
    e.git_hash = kvt::config::code_revision(paths.root());
    e.notes = o.notes, e.fixed_time = o.fixed_time;
    ctx.provide(std::move(e));
}

kvt::run_context& lab::open(kvt::store::open_mode mode) {
    if (mode == kvt::store::open_mode::existing && !kvt::file_exists(database()))
        throw kvt::error{kvt::error_kind::missing, database(), "there is no database of group " + group(),
                         "`kvt prepare` with this configuration first"};
    ctx.provide(kvt::store::sqlite{database(), mode});
    // a database of an earlier version is given the columns it lacks
    if (kvt::store::has_table<kvt::harness::experiment_row>(store())) kvt::harness::create_all(store());
    return ctx;
}

kvt::store::session& lab::store() { return ctx.get<kvt::store::session>(); }

std::string lab::manifest_path() const {
    return paths.manifest_path(kvt::config::dataset_id(settings().dataset.name, settings().dataset.task));
}

kvt::harness::prepare_options lab::prepare_options() const {
    kvt::harness::prepare_options out;
    out.sampling = kvt::data::read_sampling(loaded.resolved).how;
    out.prompt_template = settings().prompt.form;
    out.manifest_path = manifest_path();
    out.on_existing = o.force ? kvt::harness::existing::replace : kvt::harness::existing::refuse;
    return out;
}

kvt::harness::run_options lab::run_options() const {
    auto const& s = settings();
    loaded.require_valid({"run", "engine", "decoding", "generation", "prompt", "kv"});
    kvt::harness::run_options out;
    out.decoding = {.temperature = s.decoding.temperature, .max_tokens = kvt::config::max_tokens_of(s),
                    .timeout_s = s.engine.request.timeout_s, .seed = s.decoding.seed};
    out.prompt_template = s.prompt.form;
    out.endpoint = *kvt::choice_of<kvt::engine::api>(kvt::name_of(s.engine.api));
    out.extra_body = s.engine.request.extra_body;
    out.retries = {s.run.retries.max_attempts, s.run.retries.backoff_base_s, s.run.retries.backoff_max_s};
    out.requests_per_minute = kvt::harness::read_requests_per_minute(loaded.resolved);
    out.prompt_cap = kvt::harness::read_prompt_cap(loaded.resolved);
    out.concurrency = s.run.concurrency;
    if (o.resume) out.on_rerun = kvt::harness::rerun::resume;
    if (o.retry_failed) out.on_rerun = kvt::harness::rerun::retry_failed;
    bool const waived = o.allow_unproven || !s.run.require_budget_proof;
    out.proof = waived ? kvt::harness::budget_proof::waived : kvt::harness::budget_proof::required;
    out.only_entry = s.run.filter_entry_idx;
    return out;
}

kvt::harness::analyze_options lab::analyze_options() const {
    auto const& s = settings();
    loaded.require_valid({"analysis", "scoring", "report"});
    kvt::harness::analyze_options out;
    out.threshold = s.analysis.drop_threshold;
    out.seed = s.analysis.seed;
    out.truncated = s.scoring.truncated_is_failure ? kvt::harness::truncation::failure : kvt::harness::truncation::answer;
    out.scores = o.allow_partial ? kvt::harness::completeness::partial : kvt::harness::completeness::whole;
    out.weights = {s.report.cost_weight_prompt, s.report.cost_weight_completion};
    return out;
}

kvt::cache::sweep lab::sweep() const {
    auto const& kv = settings().kv;
    loaded.require_valid({"kv"});
    kvt::cache::sweep out;
    for (auto const& p : kvt::config::policies_of(kv)) out.policies.push_back({p.name, p.parameters});
    out.budgets = kv.budgets;
    if (kv.mode) out.mode = kvt::choice_of<kvt::cache::budget_mode>(kvt::name_of(*kv.mode));
    out.question = *kvt::choice_of<kvt::cache::question_mode>(kvt::name_of(kv.question_mode));
    out.seed = kv.seed;
    for (auto const& p : out.policies) (void)kvt::cache::make_policy(p.name, p.parameters, "kv.policies");
    (void)out.runs();  // budgets and policies make sense together
    return out;
}

}  // namespace cli
