#include "lab.hpp"

#include <kvt/config/environment.hpp>
#include <kvt/config/revision.hpp>
#include <kvt/core/json_path.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/sampling_settings.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/schema.hpp>

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>

namespace cli {

namespace {
/// Settings read `.env` by themselves; keys are looked up later, in the process's environment.
options const& with_dotenv(options const& given) {
    kvt::config::export_dotenv();
    return given;
}
}  // namespace

std::string shipped(kvt::config::paths const& paths, std::string const& path) {
    namespace fs = std::filesystem;
    std::error_code status;
    auto const near = paths.below(path);
    if (fs::exists(near, status)) return near;
    auto const installed = fs::read_symlink("/proc/self/exe", status).parent_path().parent_path() / "share/kvt" / path;
    return !status && fs::exists(installed) ? installed.string() : near;
}

lab::lab(options const& given)
    : o{with_dotenv(given)}, paths{kvt::config::find_root(given.root)}, loaded{kvt::config::load(
                                                                            shipped(paths, "config/default.yaml"),
                                                                            given.config, given.overrides)} {
    loaded.require_valid();
    if (!o.quiet)
        for (auto const& line : loaded.warnings()) fmt::print(stderr, "WARN: {}\n", line);
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
    if (mode != kvt::store::open_mode::create && !kvt::file_exists(database()))
        throw kvt::error{kvt::error_kind::missing, database(), "there is no database of group " + group(),
                         "`kvt prepare` with this configuration first"};
    ctx.provide(kvt::store::sqlite{database(), mode});
    // a database of an earlier version is given the columns it lacks
    if (mode != kvt::store::open_mode::read_only && kvt::store::has_table<kvt::harness::experiment_row>(store()))
        kvt::harness::create_all(store());
    return ctx;
}

kvt::store::session& lab::store() { return ctx.get<kvt::store::session>(); }

std::string lab::manifest_path() const {
    return paths.manifest_path(kvt::config::dataset_id(settings().dataset.name, settings().dataset.task));
}

kvt::harness::prepare_options lab::prepare_options() const {
    loaded.require_valid({"dataset", "binning", "sampling", "tokenizer", "prompt", "run"});
    kvt::harness::prepare_options out;
    out.sampling = kvt::data::read_sampling(loaded.resolved).how;
    if (auto const& t = settings().tokenizer; t.chat_aware)
        out.chat = {t.chat_overhead_per_message, t.chat_overhead_reply};
    out.prompt_cap = kvt::harness::read_prompt_cap(loaded.resolved);
    out.prompt_template = settings().prompt.form;
    out.manifest_path = manifest_path();
    out.on_existing = o.force ? kvt::harness::existing::replace : kvt::harness::existing::refuse;
    return out;
}

kvt::harness::run_options lab::run_options() const {
    auto const& s = settings();
    loaded.require_valid({"run", "engine", "decoding", "generation", "prompt", "kv"});
    kvt::harness::run_options out;
    out.decoding = {.temperature = s.decoding.temperature,
                    .max_tokens = kvt::config::max_tokens_of(s),
                    .timeout_s = s.engine.request.timeout_s,
                    .seed = s.decoding.seed};
    out.prompt_template = s.prompt.form;
    out.endpoint = same_name<kvt::engine::api>(s.engine.api);
    out.extra_body = s.engine.request.extra_body;
    if (auto const* shown = kvt::value_at(loaded.shown, "engine.request.extra_body")) out.shown_extra_body = *shown;
    if (auto const* retries = kvt::value_at(loaded.resolved, "run.retries"); retries != nullptr)
        out.retries = kvt::harness::read_retries(*retries);
    out.requests_per_minute = kvt::harness::read_requests_per_minute(loaded.resolved);
    out.prompt_cap = kvt::harness::read_prompt_cap(loaded.resolved);
    out.concurrency = s.run.concurrency;
    if (auto const wanted = s.run.filter_dataset_id;
        wanted && *wanted != kvt::config::dataset_id(s.dataset.name, s.dataset.task))
        throw kvt::error{kvt::error_kind::usage, "run.filter_dataset_id", "found " + *wanted,
                         kvt::config::dataset_id(s.dataset.name, s.dataset.task) +
                             ", the dataset of this configuration"};
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
    out.truncated =
        s.scoring.truncated_is_failure ? kvt::harness::truncation::failure : kvt::harness::truncation::answer;
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
    if (kv.mode) out.mode = same_name<kvt::cache::budget_mode>(*kv.mode);
    out.question = same_name<kvt::cache::question_mode>(kv.question_mode);
    out.seed = kv.seed;
    for (auto const& p : out.policies) (void)kvt::cache::make_policy(p.name, p.parameters, "kv.policies");
    (void)out.runs();  // budgets and policies make sense together
    return out;
}

void lab::check_names() {
    (void)sweep();
    with_source(*this, [](auto const&) {});
    with_counter(*this, [](auto const&) {});
    with_bins(*this, [](auto const&) {});
    (void)analyze_options();
    if (settings().scoring.primary_metric == kvt::config::primary_metric::longbench)
        throw kvt::error{kvt::error_kind::usage, "scoring.primary_metric", "this task has no metric of its own",
                         "f1 or em"};
}

kvt::error lab::located(kvt::error const& e) const {
    auto key = e.where();
    if (auto const generated = "dataset.source." + settings().dataset.source; key.starts_with(generated + "."))
        key = "dataset." + key.substr(std::string{"dataset.source."}.size());
    auto const section = key.substr(0, key.find('.'));
    bool const is_key = section != key && kvt::value_at(loaded.resolved, section) != nullptr;
    auto const at = is_key ? loaded.where(key) : std::string{};
    return {e.kind(), at.empty() ? key : at + ": " + key, e.problem(), e.expected()};
}

void lab::lock() {
    if (lock_ >= 0) return;
    auto const folder = run_dir();
    std::error_code status;
    std::filesystem::create_directories(folder, status);
    lock_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) throw kvt::error{kvt::error_kind::io, folder, std::strerror(errno)};
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)  // let go when the process ends, however it ends
        throw kvt::error{kvt::error_kind::mismatch, "group " + group(), "another kvt is at work on it",
                         "one at a time"};
}

}  // namespace cli
