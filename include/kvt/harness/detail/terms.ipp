#pragma once

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/engine/kv_body.hpp>
#include <kvt/harness/terms.hpp>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

inline run_terms terms_of(run_row const& run) {
    if (!run.kv_request)
        throw error{error_kind::malformed, "run " + run.run_id, "does not say what its requests asked for"};
    return from_json<run_terms>(parse_json(*run.kv_request, "runs.kv_request"), "runs.kv_request");
}

/// What the entry's request asked of its KV cache.
inline engine::kv_request asked_kv(run_row const& run, std::string const& example_id) {
    auto kv = terms_of(run).kv;
    kv.budget = run.kv_budget.value_or(1), kv.item = example_id;
    return kv;
}

}  // namespace detail

KVT_DECL std::string terms_text(run_terms terms) {
    terms.kv.budget = 1, terms.kv.item.clear();
    return dump(to_json(terms), json_style::canonical);
}

KVT_DECL std::string model_hash_of(run_row const& run) {
    return run.kv_request ? detail::terms_of(run).model_hash : std::string{};
}

KVT_DECL std::optional<std::string> receipt_problem(run_row const& run, request_row const& request,
                                                    telemetry_row const& telemetry, receipt_row const& row) {
    try {
        cache::cache_facts facts;
        facts.model_hash = detail::terms_of(run).model_hash;
        if (auto problem = cache::verify_text(row.receipt_json, facts)) return problem;
        auto const r = from_json<cache::receipt>(parse_json(row.receipt_json, "receipt"), "receipt");
        if (r.hash != row.hash) return "the hash beside it is another";
        if (r.bytes_full != row.bytes_full || r.bytes_kept != row.bytes_kept) return "the bytes beside it are others";
        engine::token_usage const usage{telemetry.prompt_tokens, telemetry.completion_tokens, telemetry.total_tokens};
        if (auto problem = engine::receipt_problem(r, detail::asked_kv(run, request.example_id), usage);
            !problem.empty())
            return problem;
    } catch (error const& e) {
        return e.what();
    }
    return std::nullopt;
}

}  // namespace kvt::inline KVT_ABI::harness
