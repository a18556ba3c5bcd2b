#pragma once

#include <kvt/config/hash.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/eval/taxonomy.hpp>
#include <kvt/harness/ids.hpp>
#include <kvt/harness/prompt.hpp>
#include <kvt/harness/run_options.hpp>
#include <kvt/harness/terms.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

inline engine::kv_request kv_of(cache::sweep const& sweep, cache::swept const& one) {
    return {.policy = one.policy.name,
            .parameters = one.policy.parameters,
            .budget = one.budget,
            .mode = sweep.mode,
            .question = sweep.question,
            .seed = sweep.seed,
            .item = {}};
}

inline std::string version_of(run_options const& options) {
    return prompt_templates::visit(options.prompt_template, {}, "prompt.template",
                                   [](auto const& t) { return template_version(t); });
}

inline engine::template_values values_of(run_options const& options, planned_run const& plan) {
    return {.kv_budget = plan.kv.budget,
            .kv_policy = plan.kv.policy,
            .run_id = plan.row.run_id,
            .model = plan.model,
            .seed = options.decoding.seed};
}

/// The columns of a request's row that all requests of its run share.
inline request_row shared_row(planned_run const& plan, run_options const& options) {
    request_row row;
    row.run_id = plan.row.run_id, row.dataset_id = plan.row.dataset_id.value_or("");
    row.temperature = options.decoding.temperature, row.max_tokens = options.decoding.max_tokens;
    row.timeout_s = options.decoding.timeout_s;
    auto const& body = options.shown_extra_body.is_null() ? options.extra_body : options.shown_extra_body;
    if (!body.is_null())
        row.extra_body_json = dump(config::without_secrets(engine::expand_templates(body, values_of(options, plan))));
    return row;
}

}  // namespace detail

KVT_DECL std::vector<planned_run> plan_runs(store::session& store, prepared const& in, engine::identity const& engine,
                                            cache::sweep const& sweep, run_options const& options,
                                            std::string const& now) {
    auto const dataset = store::first<dataset_row>(store, {{"dataset_id", in.dataset_id}});
    if (!dataset)
        throw error{error_kind::missing, "dataset " + in.dataset_id, "is not in the store", "`kvt prepare` first"};
    auto const version = detail::version_of(options);
    bool const several = sweep.policies.size() > 1;
    std::vector<planned_run> plans;
    for (auto const& one : sweep.runs()) {
        planned_run plan{.row = {}, .kv = detail::kv_of(sweep, one), .model = engine.model, .sample = {}};
        auto& row = plan.row;
        bool const shared = !several || one.policy.name == "full";
        row.run_id = shared ? run_id(in.group, one.budget) : run_id(in.group, one.policy.name, one.budget);
        row.exp_group_id = in.group, row.kv_policy = one.policy.name, row.kv_budget = one.budget;
        row.engine_name = engine.engine, row.base_url = engine.base_url, row.model_name = engine.model;
        row.prompt_template_version = version, row.created_at = now;
        row.manifest_hash = dataset->manifest_hash, row.dataset_id = in.dataset_id;
        row.status = "running",
        row.kv_request = terms_text({plan.kv, options.endpoint, options.decoding.seed, engine.model_hash});
        plan.sample = detail::shared_row(plan, options);
        plans.push_back(std::move(plan));
    }
    return plans;
}

KVT_DECL void require_proof(std::vector<planned_run> const& plans, engine::evidence proof, run_options const& options) {
    bool const reduced = std::any_of(plans.begin(), plans.end(), [](auto const& p) { return p.kv.budget < 1; });
    if (reduced && proof == engine::evidence::none && options.proof == budget_proof::required)
        throw error{
            error_kind::usage, "kv.budgets",
            "this engine (or a server that does not answer) cannot prove that a budget below 1 is applied, so the run "
            "would measure nothing",
            "an engine with receipts (embedded, `kvt serve`), budgets: [1.0], or --allow-unproven-budget"};
}

KVT_DECL std::vector<entry_row> entries_to_ask(store::session& store, run_row const& run, run_options const& options) {
    auto entries = open_entries(store, run, options.on_rerun);
    if (!options.only_entry) return entries;
    if (store::count<entry_row>(store, {{"dataset_id", *run.dataset_id}, {"entry_idx", *options.only_entry}}) == 0)
        throw error{error_kind::usage, "run.filter_entry_idx",
                    "there is no entry " + std::to_string(*options.only_entry)};
    std::erase_if(entries, [&](auto const& e) { return e.entry_idx != *options.only_entry; });
    return entries;
}

KVT_DECL made_request make_request(store::session& store, planned_run const& plan, entry_row const& entry,
                                   run_options const& options, std::string const& now) {
    auto const row =
        store::first<example_row>(store, {{"dataset_id", entry.dataset_id}, {"example_id", entry.example_id}});
    if (!row)
        throw error{error_kind::missing, "example " + entry.example_id, "is not in the store", "`kvt prepare` first"};
    data::example example;
    example.question = row->question, example.context = row->context;
    auto const prompt = prompt_templates::visit(options.prompt_template, {}, "prompt.template",
                                                [&](auto const& t) { return render(t, example); });
    made_request out{{}, plan.sample};
    auto& r = out.request;
    r.id = request_id(plan.row.run_id, entry.entry_idx);
    r.model = plan.model, r.endpoint = options.endpoint;
    r.question_bytes = prompt.question_bytes;
    r.temperature = options.decoding.temperature, r.max_tokens = options.decoding.max_tokens;
    r.timeout_s = options.decoding.timeout_s, r.seed = options.decoding.seed;
    r.kv = plan.kv, r.kv.item = entry.example_id;
    engine::put_extra_body(r, options.extra_body, detail::values_of(options, plan));
    json asked;
    if (options.endpoint == engine::api::chat) {
        r.messages = prompt.messages;
        for (auto const& m : r.messages) asked.push_back(to_json(m));
    } else {
        r.prompt = prompt.text;
        asked["prompt"] = r.prompt;
    }
    out.row.request_id = r.id, out.row.entry_idx = entry.entry_idx, out.row.example_id = entry.example_id;
    out.row.messages_json = dump(asked, json_style::canonical);
    out.row.prompt_sha256 = sha256_hex(out.row.messages_json);
    out.row.created_at = now;
    return out;
}

KVT_DECL std::optional<std::string> label_of(engine::outcome const& outcome) {
    std::optional<eval::failure_label> label;
    if (auto const* f = std::get_if<engine::failure>(&outcome)) {
        label = eval::classify_error(f->message, f->http_status);
    } else {
        auto const& r = std::get<engine::response>(outcome);
        auto const view = [](std::optional<std::string> const& t) {
            return t ? std::optional<std::string_view>{*t} : std::nullopt;
        };
        label = eval::classify_response(view(r.text), view(r.finish_reason));
    }
    return label ? std::optional{std::string{name_of(*label)}} : std::nullopt;
}

}  // namespace kvt::inline KVT_ABI::harness
