// Why a request has no good answer: stable labels, given by ordered rules (spec K).
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace kvt::inline KVT_ABI::eval {

enum class failure_label : std::uint8_t {
    empty_output,             ///< an answer without any visible character
    truncated,                ///< cut at the token limit
    format_error,             ///< a reply that is not an answer: an error text, or not in the protocol's form
    refusal,                  ///< the model, or a filter, declined
    timeout,
    context_length_exceeded,  ///< the server found the prompt too long
    rate_limited,
    engine_error,             ///< network, server and hardware errors
    prompt_too_long,          ///< the harness found the prompt too long and did not send it
    unknown_failure,          ///< nothing above: said rather than guessed
};
KVT_CHOICE(failure_label, "EMPTY_OUTPUT", "TRUNCATED", "FORMAT_ERROR", "REFUSAL", "TIMEOUT", "CONTEXT_LENGTH_EXCEEDED",
           "RATE_LIMITED", "ENGINE_ERROR", "PROMPT_TOO_LONG", "UNKNOWN_FAILURE");

using optional_view = std::optional<std::string_view>;

/// The label of a request that got no response, by its error message and HTTP status.
[[nodiscard]] failure_label classify_error(optional_view message, std::optional<std::int64_t> http_status);

/// The label of a response, null where nothing is wrong with it. A labelled answer that is not blank is scored all
/// the same. Quoted refusals are taken for refusals: the rules see no more than substrings.
[[nodiscard]] std::optional<failure_label> classify_response(optional_view text, optional_view finish_reason);

/// The reference implementation's single classifier, for reproducing its labels only. Its caller passed an empty text
/// with every error, which made every error but rate limits EMPTY_OUTPUT.
[[nodiscard]] std::optional<failure_label> classify_compat(optional_view text, optional_view finish_reason,
                                                           optional_view error_message);

/// The reference implementation's (unused) guess from a message alone whether a retry could help. It takes any
/// "500" for a status, as in "at most 1500 tokens".
[[nodiscard]] bool retryable_compat(std::string_view message);

}  // namespace kvt::inline KVT_ABI::eval

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/eval/detail/taxonomy.ipp>
#endif
