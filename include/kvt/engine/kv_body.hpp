// The `kv` object: how a request over HTTP asks for a KV cache, and how the reply says what it got.
#pragma once

#include <kvt/engine/engine.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// How much of a receipt comes back. `summary`: sizes and hashes. `full`: every head's positions too.
enum class receipt_form : std::uint8_t { summary, full };
KVT_CHOICE(receipt_form, "summary", "full");

/// `"kv": {...}` in a request's body. Everything may be left out.
struct kv_body {
    std::string policy = "full";
    json parameters{};                         ///< of the policy; null: its defaults
    double budget = 1;                         ///< in (0, 1]
    std::optional<cache::budget_mode> mode{};  ///< absent: the policy's own
    cache::question_mode question = cache::question_mode::query_aware;
    std::int64_t seed = 1337;
    std::string item{};
    std::int64_t question_bytes = 0;  ///< bytes at the prompt's end that are the question
    receipt_form receipt = receipt_form::summary;
};
KVT_RECORD(kv_body, policy, parameters, budget, mode, question, seed, item, question_bytes, receipt);

/// The `kv` object that asks for what `r` asks, with a full receipt.
[[nodiscard]] json write_kv_body(request const& r);

/// Reads a `kv` object into a request; throws `error{malformed|usage}` naming the key (`kv.budget`) for unknown keys,
/// wrong types, a budget outside (0, 1] and a negative size.
[[nodiscard]] receipt_form read_kv_body(json const& kv, request& into);

/// The `kv` object of a reply: what was applied (from the receipt where there is one, else as asked), the evidence,
/// tokens kept, and the receipt in the form asked for.
[[nodiscard]] json write_kv_echo(request const& asked, response const& given, receipt_form form);

/// Why a receipt does not prove what was asked; empty where it does. What `usage` does not say is not compared.
[[nodiscard]] std::string receipt_problem(cache::receipt const& r, kv_request const& asked,
                                          token_usage const& usage = {});

/// Reads what a reply says about its KV cache into `into`: token counts, the receipt, the evidence. A receipt counts
/// only if it verifies and belongs to what was asked (policy with every parameter asked for, budget, modes, seed, item) and
/// to `into.usage`, which is read before; an echo only if it names the budget (and policy) asked for.
/// What does not count is said in `into.notes` under `kv_problem`. Also understood: `kv_budget`, `kv_total_tokens`
/// and `kv_retained_tokens` at the top of a reply or in its `usage`.
void read_kv_echo(json const& reply, kv_request const& asked, response& into);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/kv_body.ipp>
#endif
