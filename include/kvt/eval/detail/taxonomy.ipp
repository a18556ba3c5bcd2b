// Definitions of eval/taxonomy.hpp.
#pragma once

#include <kvt/eval/taxonomy.hpp>
#include <kvt/text/unicode.hpp>

#include <initializer_list>
#include <string>

namespace kvt::inline KVT_ABI::eval {

namespace detail {

/// Whether lower-cased text holds one of the patterns.
[[nodiscard]] KVT_DECL bool has_any(std::string_view lowered, std::initializer_list<std::string_view> patterns) {
    for (auto const pattern : patterns)
        if (lowered.find(pattern) != std::string_view::npos) return true;
    return false;
}
[[nodiscard]] KVT_DECL bool says_rate_limit(std::string_view lowered) {
    return has_any(lowered, {"status 429", "http 429", "rate limit", "tokens per min", " tpm", "tpm "}) ||
           (has_any(lowered, {"please try again"}) && has_any(lowered, {"rate", "limit", "429"}));
}
[[nodiscard]] KVT_DECL bool says_timeout(std::string_view lowered) {
    return has_any(lowered, {"timeout", "timed out"});
}
[[nodiscard]] KVT_DECL bool says_context_length(std::string_view lowered) {
    return has_any(lowered, {"maximum context length", "context length is", "context length exceeded",
                             "please reduce the length of the input messages", "input messages are too long",
                             "(parameter=input_tokens", "max context length"});
}
[[nodiscard]] KVT_DECL bool says_context_window(std::string_view lowered) {
    return has_any(lowered, {"context window", "context size", "context_length_exceeded"});
}
[[nodiscard]] KVT_DECL bool says_truncated(std::string_view lowered) {
    return has_any(lowered, {"truncat", "max tokens"});
}
[[nodiscard]] KVT_DECL bool says_refusal(std::string_view lowered) {
    return has_any(lowered, {"i can't help", "i cannot help", "i can't assist", "i cannot assist", "i can't comply",
                             "i cannot comply", "i'm not able to", "i am not able to", "i'm unable to",
                             "i am unable to", "i cannot provide", "i can't provide", "i'm sorry, but i cannot",
                             "i'm sorry, but i can't"});
}
[[nodiscard]] KVT_DECL bool says_engine_error(std::string_view lowered) {
    return has_any(lowered, {"http request failed", "network error", "connection", "refused", "reset by peer",
                             "unreachable", "name or service not known", "ssl", "invalid json",
                             "internal server error", "bad gateway", "service unavailable",
                             "temporarily unavailable", "out of memory", "cuda error"});
}
[[nodiscard]] KVT_DECL bool blank(optional_view text) { return !text || text::trim(*text).empty(); }
[[nodiscard]] KVT_DECL bool is_error_text(std::string_view text) { return text::trim(text).starts_with("ERROR:"); }

/// U+2019, the apostrophe of typographic text, as the one on keyboards.
[[nodiscard]] KVT_DECL std::string straight_apostrophes(std::string text) {
    for (std::size_t at = 0; (at = text.find("\u2019", at)) != std::string::npos; ++at) text.replace(at, 3, "'");
    return text;
}

}  // namespace detail

KVT_DECL failure_label classify_error(optional_view message, std::optional<std::int64_t> http_status) {
    std::string const said = text::lower(message.value_or(""));
    if (http_status == 429 || detail::says_rate_limit(said)) return failure_label::rate_limited;
    if (detail::has_any(said, {"runtime prompt too long"})) return failure_label::prompt_too_long;
    if (detail::says_timeout(said)) return failure_label::timeout;
    if (detail::says_context_length(said) || detail::says_context_window(said))
        return failure_label::context_length_exceeded;
    if (detail::says_truncated(said)) return failure_label::truncated;
    if (detail::has_any(said, {"malformed reply"})) return failure_label::format_error;
    if ((http_status && *http_status >= 400 && *http_status <= 599) || detail::says_engine_error(said))
        return failure_label::engine_error;
    return failure_label::unknown_failure;
}

KVT_DECL std::optional<failure_label> classify_response(optional_view text, optional_view finish_reason) {
    if (detail::blank(text)) return failure_label::empty_output;
    if (finish_reason == "length") return failure_label::truncated;
    if (finish_reason == "content_filter") return failure_label::refusal;
    if (detail::says_refusal(detail::straight_apostrophes(text::lower(*text)))) return failure_label::refusal;
    if (detail::is_error_text(*text)) return failure_label::format_error;
    if (finish_reason == "error") return failure_label::unknown_failure;
    return std::nullopt;
}

KVT_DECL std::optional<failure_label> classify_compat(optional_view text, optional_view finish_reason,
                                                      optional_view error_message) {
    std::string const said = text::lower(error_message.value_or(""));
    if (detail::says_rate_limit(said)) return failure_label::rate_limited;
    if (detail::blank(text)) return failure_label::empty_output;
    if (finish_reason == "length") return failure_label::truncated;
    if (detail::says_timeout(said)) return failure_label::timeout;
    if (detail::says_context_length(said)) return failure_label::context_length_exceeded;
    if (detail::says_truncated(said)) return failure_label::truncated;
    if (detail::says_refusal(text::lower(*text))) return failure_label::refusal;
    if (detail::is_error_text(*text)) return failure_label::format_error;
    if (!said.empty()) return failure_label::engine_error;
    return std::nullopt;
}

KVT_DECL bool retryable_compat(std::string_view message) {
    return detail::has_any(text::lower(message),
                           {"timeout", "timed out", "network error", "connection", "rate limit", "service unavailable",
                            "temporarily unavailable", "429", "500", "502", "503", "504"});
}

}  // namespace kvt::inline KVT_ABI::eval
