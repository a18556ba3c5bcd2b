// The engine contract: one request in, one outcome out, and what the engine can prove about its KV budget.
#pragma once

#include <kvt/cache/receipt.hpp>
#include <kvt/core/context.hpp>
#include <kvt/core/function_view.hpp>
#include <kvt/core/json.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// What an engine can prove about the budget it was asked to keep. `receipts`: what was kept, entry by entry.
/// `acknowledged`: the server echoed the applied value. `none`: nothing came back.
enum class evidence : std::uint8_t { none, acknowledged, receipts };
KVT_CHOICE(evidence, "none", "acknowledged", "receipts");

/// Whether the budget was part of what went to whoever answers.
enum class budget_sent : std::uint8_t { no, yes };
KVT_CHOICE(budget_sent, "no", "yes");

/// Which endpoint a request is meant for: messages under a chat template, or one text to continue.
enum class api : std::uint8_t { chat, completions };
KVT_CHOICE(api, "chat", "completions");

struct message {
    std::string role;
    std::string content;
};
KVT_RECORD(message, role, content);

/// The KV cache a request asks for.
struct kv_request {
    std::string policy = "full";
    json parameters;                         ///< of the policy; null: its defaults
    double budget = 1;                       ///< fraction of the full cache's bytes, in (0, 1]
    std::optional<cache::budget_mode> mode;  ///< absent: the policy's own
    cache::question_mode question = cache::question_mode::query_aware;
    std::int64_t seed = 1337;  ///< of policies that draw
    std::string item;          ///< names the prompt in random streams, so that draws do not depend on order
};
KVT_RECORD(kv_request, policy, parameters, budget, mode, question, seed, item);

struct request {
    std::string id;  ///< deterministic; see harness/ids.hpp
    std::string model;
    api endpoint = api::chat;
    std::vector<message> messages;    ///< for `chat`
    std::string prompt;               ///< for `completions`
    std::int64_t question_bytes = 0;  ///< how many bytes at the prompt's end are the question (query_agnostic)
    double temperature = 0;
    std::int64_t max_tokens = 256;
    double timeout_s = 120;
    std::optional<std::int64_t> seed;
    bool ignore_eos = false;  ///< the answer goes on to `max_tokens`, for loads of known length; embedded engines alone
    kv_request kv;
    json extra_body;                                  ///< already expanded; merged into an HTTP body
    budget_sent extra_body_budget = budget_sent::no;  ///< whether the budget stands in it (see `put_extra_body`)
};
KVT_RECORD(request, id, model, endpoint, messages, prompt, question_bytes, temperature, max_tokens, timeout_s, seed,
           ignore_eos, kv, extra_body, extra_body_budget);

struct token_usage {
    std::optional<std::int64_t> prompt_tokens, completion_tokens, total_tokens;
};
KVT_RECORD(token_usage, prompt_tokens, completion_tokens, total_tokens);

/// An answer. Times are seconds of a clock that never goes back.
struct response {
    std::optional<std::string> text;  ///< absent where the server sent null
    std::optional<std::string> finish_reason;
    token_usage usage;
    double start_s = 0;            ///< when the successful attempt was sent
    double latency_s = 0;          ///< of the successful attempt alone
    std::optional<double> ttfb_s;  ///< to the first token, where the answer was streamed
    std::optional<std::int64_t> kv_total_tokens, kv_retained_tokens;  ///< per layer and head, averaged
    std::optional<cache::receipt> receipt;
    engine::evidence proof = engine::evidence::none;  ///< `receipts` only with a receipt, see `proof_of`
    budget_sent sent = budget_sent::no;               ///< whether this request's budget really went out
    json notes;                                       ///< telemetry notes (reply model and id, outgoing body cut short)
    json raw;                                         ///< the reply as it came
};

/// What a response proves. `receipts` is a claim about what it brings: without a receipt it proves nothing.
[[nodiscard]] inline evidence proof_of(response const& r) {
    return r.proof == evidence::receipts && !r.receipt ? evidence::none : r.proof;
}

enum class failure_kind : std::uint8_t { timeout, network, http, malformed, refused };
KVT_CHOICE(failure_kind, "timeout", "network", "http", "malformed", "refused");

/// A request without an answer: data, not an exception. Never holds a secret.
struct failure {
    failure_kind kind = failure_kind::network;
    std::string message;
    std::optional<std::int64_t> http_status;
    std::optional<double> retry_after_s;  ///< from a Retry-After header
    double start_s = 0;
};
KVT_RECORD(failure, kind, message, http_status, retry_after_s, start_s);

using outcome = std::variant<response, failure>;

/// Who answers; stored per run.
struct identity {
    std::string engine;    ///< the engine policy's name
    std::string base_url;  ///< empty for engines without one
    std::string model;
    std::string model_hash;  ///< of all that decides its answers; empty where unknown
};
KVT_RECORD(identity, engine, base_url, model, model_hash);

/// Turns one request into one outcome; misuse throws, everything else is a `failure`. May be called from several
/// threads at once, and the outcome's text, receipt and usage do not depend on what else is running. A response says
/// truthfully whether the budget went out (`sent`), and proves no more than `proves()` and than what it brings (`proof_of`).
/// Satisfied by `embedded`, `openai` and `mock`.
template <class E> concept engine = named<E> && requires(E const& e, run_context& context, request const& r) {
    { e.generate(context, r) } -> std::same_as<outcome>;
    { e.describe() } -> std::same_as<identity>;
    { e.proves() } -> std::same_as<evidence>;
};

/// Takes a piece of the answer's text as soon as the engine has it. False asks the engine to stop: nobody listens any
/// more, and the outcome will not be used.
using token_sink = function_view<bool(std::string_view piece)>;

/// An engine that can hand out its answer while it makes it. The pieces joined are the response's text, and the
/// outcome is the same as without a sink. Satisfied by `embedded` and `openai`.
template <class E>
concept streaming_engine = engine<E> && requires(E const& e, run_context& context, request const& r, token_sink sink) {
    { e.generate(context, r, sink) } -> std::same_as<outcome>;
};

}  // namespace kvt::inline KVT_ABI::engine
